import { useId, useState } from "react";

import type { Entitled } from "@/shared/api/admin";
import { S } from "@/shared/strings";
import { FieldSet } from "@/shared/ui/Field";
import { FieldError } from "@/shared/ui/FieldError";
import { RadioGroup, TextArea } from "@/shared/ui/inputs";

import { beyond, readNames } from "./entitled";

interface Props {
  readonly legend: string;
  readonly value: Entitled;
  readonly granted: Entitled;
  readonly onValue: (value: Entitled) => void;
}

/** Everything that is granted, or a list of it. */
export function EntitledField({ legend, value, granted, onValue }: Props) {
  const id = useId();
  const [text, setText] = useState(value === "*" ? (granted === "*" ? "" : granted.join("\n")) : value.join("\n"));
  const bad = beyond(value, granted);
  return (
    <FieldSet legend={legend}>
      <p className="text-xs text-muted">{S.admin.granted(namesText(granted))}</p>
      <RadioGroup
        label={legend}
        value={value === "*" ? "all" : "some"}
        choices={[
          { value: "all", label: S.admin.all },
          { value: "some", label: S.admin.some },
        ]}
        onPick={(choice) => onValue(choice === "all" ? "*" : readNames(text))}
      />
      {value !== "*" && (
        <>
          <TextArea
            aria-label={`${legend}: ${S.admin.some}`}
            aria-describedby={`${id}-hint ${id}-error`}
            aria-invalid={bad.length > 0}
            rows={6}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              onValue(readNames(event.target.value));
            }}
          />
          <p id={`${id}-hint`} className="text-2xs text-muted">
            {S.admin.listHint}
          </p>
          <FieldError id={`${id}-error`} text={bad.length > 0 ? S.admin.notGranted(bad.join(", ")) : undefined} />
        </>
      )}
    </FieldSet>
  );
}

function namesText(names: Entitled): string {
  if (names === "*") return S.admin.everything;
  return names.length === 0 ? S.admin.nothing : names.join(", ");
}
