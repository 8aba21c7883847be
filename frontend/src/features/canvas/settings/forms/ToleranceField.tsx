import { S } from "@/shared/strings";
import { FieldSet } from "@/shared/ui/Field";
import { FieldError } from "@/shared/ui/FieldError";
import { Select } from "@/shared/ui/inputs";

import { DraftInput } from "../DraftInput";
import { durationOf } from "../duration";

const UNITS = ["s", "m", "h", "d"] as const;
const FIRST = "1m";
const MOST = 999_999;

interface Props {
  /** Such as `30s`; empty for any distance. */
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** How far away a partner may be: anywhere, or within a count of units. */
export function ToleranceField({ value, error, onChange }: Props) {
  const { count, unit } = durationOf(value);
  return (
    <FieldSet legend={S.settings.tolerance}>
      <div className="flex gap-1">
        {value !== "" && (
          <DraftInput
            aria-label={S.settings.toleranceCount}
            aria-invalid={error !== undefined}
            inputMode="numeric"
            className="max-w-24 tabular-nums"
            value={count}
            onText={(text) => {
              if (/^[1-9]\d*$/.test(text.trim()) && Number(text) <= MOST) onChange(`${Number(text)}${unit}`);
            }}
          />
        )}
        <Select
          aria-label={S.settings.toleranceUnit}
          value={value === "" ? "" : unit}
          choices={[
            { value: "", label: S.settings.toleranceAny },
            ...UNITS.map((each) => ({ value: each, label: S.settings.units[each] })),
          ]}
          onPick={(next) => onChange(next === "" ? undefined : value === "" ? FIRST.replace("m", next) : `${count}${next}`)}
        />
      </div>
      <FieldError text={error} />
    </FieldSet>
  );
}
