import { useId } from "react";

import { S } from "@/shared/strings";
import { Field } from "@/shared/ui/Field";
import { Select } from "@/shared/ui/inputs";

import { text } from "../../kinds/configs";
import { keyPairsOf, withKeyPairs } from "../../kinds/join_keys";
import type { FormProps } from "../form";
import { errorAt } from "../problems";
import { KeyPairsEditor } from "./KeyPairsEditor";

const TYPES = Object.entries(S.settings.joinTypes).map(([value, label]) => ({ value, label }));

export function JoinForm({ node, inputs, problems, onChange }: FormProps) {
  const id = useId();
  const [left = null, right = null] = inputs;
  return (
    <div className="flex flex-col gap-4">
      <KeyPairsEditor
        pairs={keyPairsOf(node.data)}
        left={left}
        right={right}
        problems={problems}
        hint={S.settings.keysHint}
        onChange={(pairs) => onChange(withKeyPairs(pairs))}
      />
      <Field label={S.settings.joinType} htmlFor={id} error={errorAt(problems, "join_type")}>
        <Select
          id={id}
          value={text(node.data["join_type"]) || "inner"}
          choices={TYPES}
          onPick={(type) => onChange({ join_type: type })}
        />
      </Field>
    </div>
  );
}
