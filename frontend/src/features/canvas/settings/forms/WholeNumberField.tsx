import { useId, useState } from "react";

import { S } from "@/shared/strings";
import { Field } from "@/shared/ui/Field";

import { DraftInput } from "../DraftInput";

interface Props {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly hint?: string;
  /** What else is wrong with it. */
  readonly error?: string | undefined;
  readonly onNumber: (value: number) => void;
}

/** A whole number between bounds; nothing else is stored. */
export function WholeNumberField({ label, value, min, max, hint, error, onNumber }: Props) {
  const id = useId();
  const [wrong, setWrong] = useState(false);
  return (
    <Field label={label} htmlFor={id} {...(hint !== undefined && { hint })} error={wrong ? S.settings.between(min, max) : error}>
      <DraftInput
        id={id}
        inputMode="numeric"
        className="tabular-nums"
        aria-invalid={wrong || error !== undefined}
        value={String(value)}
        onText={(text) => {
          const number = Number(text);
          const fits = /^\d+$/.test(text.trim()) && number >= min && number <= max;
          setWrong(!fits);
          if (fits) onNumber(number);
        }}
      />
    </Field>
  );
}
