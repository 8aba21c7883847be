import { useId } from "react";

import { S } from "@/shared/strings";
import { Field } from "@/shared/ui/Field";

import { text } from "../../kinds/configs";
import type { FormProps } from "../form";

export function NoteForm({ node, onChange }: FormProps) {
  const id = useId();
  return (
    <Field label={S.settings.noteText} htmlFor={id} hint={S.settings.noteHint}>
      <textarea
        id={id}
        rows={6}
        value={text(node.data["text"])}
        className="w-full rounded-md border border-line-strong bg-surface px-2 py-1"
        onChange={(event) => onChange({ text: event.target.value })}
      />
    </Field>
  );
}
