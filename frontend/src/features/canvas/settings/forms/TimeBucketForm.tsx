import { useId } from "react";

import { isTemporal } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { Field, FieldSet } from "@/shared/ui/Field";
import { FieldError } from "@/shared/ui/FieldError";
import { Select, TextInput } from "@/shared/ui/inputs";

import { text } from "../../kinds/configs";
import { ColumnSelect } from "../ColumnSelect";
import { DraftInput } from "../DraftInput";
import { durationOf } from "../duration";
import type { FormProps } from "../form";
import { errorAt } from "../problems";
import { AnchorFields } from "./AnchorFields";

const UNITS = Object.entries(S.settings.units).map(([value, label]) => ({ value, label }));

export function TimeBucketForm({ node, input, problems, onChange }: FormProps) {
  const id = useId();
  const { data } = node;
  return (
    <div className="flex flex-col gap-4">
      <Field label={S.settings.time} htmlFor={`${id}-column`} error={errorAt(problems, "column")}>
        <ColumnSelect
          id={`${id}-column`}
          schema={input}
          value={text(data["column"])}
          only={(column) => isTemporal(column.type)}
          invalid={errorAt(problems, "column") !== undefined}
          onPick={(column) => onChange({ column })}
        />
      </Field>
      <SizeField size={text(data["size"])} error={errorAt(problems, "size")} onSize={(size) => onChange({ size })} />
      <AnchorFields data={data} problems={problems} onChange={onChange} />
      <Field label={S.settings.outputColumn} htmlFor={`${id}-output`} error={errorAt(problems, "output_column")}>
        <TextInput
          id={`${id}-output`}
          value={text(data["output_column"])}
          placeholder="bucket"
          aria-invalid={errorAt(problems, "output_column") !== undefined}
          onChange={({ target }) => onChange({ output_column: target.value === "" ? undefined : target.value })}
        />
      </Field>
    </div>
  );
}

interface SizeProps {
  readonly size: string;
  readonly error: string | undefined;
  readonly onSize: (size: string) => void;
}

function SizeField({ size, error, onSize }: SizeProps) {
  const { count, unit } = durationOf(size);
  return (
    <FieldSet legend={S.settings.bucketCount}>
      <div className="flex gap-1">
        <DraftInput
          aria-label={S.settings.bucketCount}
          aria-invalid={error !== undefined}
          inputMode="numeric"
          className="max-w-24 tabular-nums"
          value={count}
          onText={(typed) => {
            if (/^[1-9]\d{0,4}$/.test(typed.trim())) onSize(`${typed.trim()}${unit}`);
          }}
        />
        <Select
          aria-label={S.settings.bucketUnit}
          value={unit}
          choices={UNITS}
          onPick={(next) => onSize(`${count || "1"}${next}`)}
        />
      </div>
      <FieldError text={error} />
    </FieldSet>
  );
}
