import { Plus, X } from "lucide-react";
import { useId } from "react";

import type { Problem } from "@/shared/schema/errors";
import { findColumn, type Schema } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { FieldSet } from "@/shared/ui/Field";
import { FieldError } from "@/shared/ui/FieldError";
import { IconButton } from "@/shared/ui/IconButton";

import { comparable, type KeyPair } from "../../kinds/join_keys";
import { ColumnSelect } from "../ColumnSelect";
import { TypeBadge } from "../TypeBadge";
import { removeAt, replaceAt } from "../lists";
import { errorAt } from "../problems";

interface Props {
  readonly pairs: readonly KeyPair[];
  readonly left: Schema | null;
  readonly right: Schema | null;
  readonly problems: readonly Problem[];
  readonly hint: string;
  readonly onChange: (pairs: readonly KeyPair[]) => void;
}

/** Pairs of columns whose values must be equal: a column of either side, each with its type. */
export function KeyPairsEditor({ pairs, left, right, problems, hint, onChange }: Props) {
  const whole = ["left_key", "right_key", "left_keys", "right_keys"].flatMap((field) => errorAt(problems, field) ?? []);
  return (
    <FieldSet legend={S.settings.joinKeys}>
      {pairs.map((pair, index) => (
        <PairRow
          key={index}
          pair={pair}
          number={index + 1}
          left={left}
          right={right}
          error={errorAt(problems, `left_keys.${index}`) ?? errorAt(problems, `right_keys.${index}`)}
          onChange={(next) => onChange(replaceAt(pairs, index, next))}
          onRemove={() => onChange(removeAt(pairs, index))}
        />
      ))}
      <FieldError text={whole.length > 0 ? whole.join(" ") : undefined} />
      <Button icon={Plus} className="self-start" onClick={() => onChange([...pairs, { left: "", right: "" }])}>
        {S.settings.addKeyPair}
      </Button>
      <p className="text-2xs text-muted">{hint}</p>
    </FieldSet>
  );
}

interface RowProps {
  readonly pair: KeyPair;
  readonly number: number;
  readonly left: Schema | null;
  readonly right: Schema | null;
  readonly error: string | undefined;
  readonly onChange: (pair: KeyPair) => void;
  readonly onRemove: () => void;
}

function PairRow({ pair, number, left, right, error, onChange, onRemove }: RowProps) {
  const id = useId();
  const [one, other] = [findColumn(left ?? [], pair.left), findColumn(right ?? [], pair.right)];
  const clash = one !== undefined && other !== undefined && !comparable(one, other);
  const described = error === undefined ? {} : { invalid: true, describedBy: id };
  return (
    <div data-testid="key-pair" className="flex flex-col gap-1 rounded-md border border-line p-1.5">
      <div className="grid grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)_auto] items-center gap-x-1 gap-y-0.5">
        <ColumnSelect
          label={S.settings.leftKey(number)}
          schema={left}
          value={pair.left}
          // The partner that most likely belongs to it is the column of the same name.
          onPick={(name) => onChange({ left: name, right: pair.right || (findColumn(right ?? [], name)?.name ?? "") })}
          brief
          {...described}
        />
        <span aria-hidden className="text-muted">
          =
        </span>
        <ColumnSelect
          label={S.settings.rightKey(number)}
          schema={right}
          value={pair.right}
          onPick={(name) => onChange({ ...pair, right: name })}
          brief
          {...described}
        />
        <IconButton
          icon={X}
          label={S.common.removeNamed(S.settings.keyPair(pair.left, pair.right))}
          onClick={onRemove}
          className="w-6"
        />
        <TypeBadge column={one} wrong={clash} />
        <span />
        <TypeBadge column={other} wrong={clash} />
      </div>
      <FieldError id={id} text={error} />
    </div>
  );
}
