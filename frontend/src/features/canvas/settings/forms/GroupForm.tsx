import { useId } from "react";

import { S } from "@/shared/strings";
import { Field } from "@/shared/ui/Field";
import { TextInput } from "@/shared/ui/inputs";

import { MAX_NAME } from "../../document/doc";
import { renameNode } from "../../store/actions";
import type { FormProps } from "../form";

export function GroupForm({ node }: FormProps) {
  const id = useId();
  return (
    <Field label={S.settings.groupTitle} htmlFor={id} hint={S.settings.groupHint}>
      <TextInput
        id={id}
        key={node.name}
        defaultValue={node.name ?? ""}
        maxLength={MAX_NAME}
        onBlur={(event) => {
          if (event.target.value.trim() !== (node.name ?? "")) renameNode(node.id, event.target.value);
        }}
      />
    </Field>
  );
}
