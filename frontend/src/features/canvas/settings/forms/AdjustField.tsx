import { useId } from "react";

import { S } from "@/shared/strings";
import { Field } from "@/shared/ui/Field";
import { Select } from "@/shared/ui/inputs";

/** What a source does unless it says otherwise: prices as they were traded. */
export const RAW = "none";

interface Props {
  readonly value: string;
  /** Whether the table has prices that can be adjusted. */
  readonly offered: boolean;
  readonly error: string | undefined;
  readonly onPick: (adjust: string) => void;
}

/** What prices are adjusted for; of a table without prices only while something is to be taken back. */
export function AdjustField({ value, offered, error, onPick }: Props) {
  const id = useId();
  if (!offered && value === RAW) return null;
  const texts = S.settings.adjust;
  const choices = [
    { value: RAW, label: texts.none },
    { value: "splits", label: texts.splits },
    { value: "total_return", label: texts.totalReturn },
  ];
  return (
    <Field label={texts.label} htmlFor={id} error={error} {...(value === RAW ? {} : { hint: texts.hint })}>
      <Select
        id={id}
        value={value}
        choices={offered ? choices : choices.filter((each) => each.value === RAW || each.value === value)}
        onPick={onPick}
      />
    </Field>
  );
}
