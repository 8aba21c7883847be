import { type InputHTMLAttributes, useState } from "react";

import { TextInput } from "@/shared/ui/inputs";

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, "value" | "onChange"> {
  /** The stored value as text. */
  readonly value: string;
  readonly onText: (text: string) => void;
}

/**
 * An input whose text may be on its way to a value: `1.` while somebody types `1.5`. The draft shows
 * while the field has the focus, the stored value otherwise.
 */
export function DraftInput({ value, onText, ...rest }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <TextInput
      value={draft ?? value}
      onFocus={() => setDraft(value)}
      onBlur={() => setDraft(null)}
      onChange={(event) => {
        setDraft(event.target.value);
        onText(event.target.value);
      }}
      {...rest}
    />
  );
}
