import { useId } from "react";

import { S } from "@/shared/strings";
import { Field } from "@/shared/ui/Field";
import { Select } from "@/shared/ui/inputs";

import type { FormProps } from "../form";
import { errorAt } from "../problems";

const MODES = Object.entries(S.settings.unionModes).map(([value, label]) => ({ value, label }));

export function UnionForm({ node, problems, onChange }: FormProps) {
  const id = useId();
  return (
    <Field label={S.settings.unionMode} htmlFor={id} hint={S.settings.unionHint} error={errorAt(problems, "mode")}>
      <Select
        id={id}
        value={node.data["mode"] === "distinct" ? "distinct" : "all"}
        choices={MODES}
        onPick={(mode) => onChange({ mode })}
      />
    </Field>
  );
}
