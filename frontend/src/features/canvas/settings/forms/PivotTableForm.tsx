import { S } from "@/shared/strings";

import { texts } from "../../kinds/configs";
import type { FormProps } from "../form";
import { ColumnsEditor } from "./ColumnsEditor";

const PARTS = [
  { field: "rows", legend: S.settings.gridRows },
  { field: "columns", legend: S.settings.gridColumns },
  { field: "values", legend: S.settings.gridValues },
] as const;

export function PivotTableForm({ node, input, problems, onChange }: FormProps) {
  return (
    <div className="flex flex-col gap-4">
      {PARTS.map(({ field, legend }) => (
        <ColumnsEditor
          key={field}
          legend={legend}
          add={S.settings.addColumn}
          field={field}
          columns={texts(node.data[field])}
          schema={input}
          problems={problems}
          onChange={(columns) => onChange({ [field]: columns })}
        />
      ))}
      <p className="text-2xs text-muted">{S.settings.gridHint}</p>
    </div>
  );
}
