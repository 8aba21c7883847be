import { S } from "@/shared/strings";

import { sortTermsOf } from "../../kinds/configs";
import type { FormProps } from "../form";
import { SortTermsEditor } from "./SortTermsEditor";

export function SortForm({ node, input, problems, onChange }: FormProps) {
  return (
    <SortTermsEditor
      legend={S.settings.sortBy}
      hint={S.settings.nullsLast}
      field="sorts"
      terms={sortTermsOf(node.data, "sorts")}
      schema={input}
      problems={problems}
      onChange={(sorts) => onChange({ sorts })}
    />
  );
}
