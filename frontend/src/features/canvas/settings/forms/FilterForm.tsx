import { S } from "@/shared/strings";

import { filterOf } from "../../kinds/configs";
import { sourceTable } from "../../store/analysis";
import { useCanvas } from "../../store/canvas";
import type { FormProps } from "../form";
import { ConditionGroupEditor } from "./ConditionGroupEditor";

export function FilterForm({ node, input, onChange }: FormProps) {
  const doc = useCanvas((state) => state.doc);
  const source = sourceTable(doc, node.id);
  return (
    <ConditionGroupEditor
      label={S.settings.match}
      group={filterOf(node.data)}
      schema={input}
      database={source?.database ?? null}
      table={source?.table ?? null}
      nests
      onChange={({ logic, filters }) => onChange({ logic, filters })}
    />
  );
}
