import { isNumeric } from "@/shared/schema/types";
import { S } from "@/shared/strings";

import { texts } from "../../kinds/configs";
import { MAX_LEVELS } from "../../kinds/treemap";
import type { FormProps } from "../form";
import { ColumnField } from "./ColumnField";
import { ColumnsEditor } from "./ColumnsEditor";

export function TreemapForm(form: FormProps) {
  const { node, input, problems, onChange } = form;
  return (
    <div className="flex flex-col gap-4">
      <ColumnsEditor
        legend={S.settings.path}
        add={S.settings.addLevel}
        field="path"
        most={MAX_LEVELS}
        columns={texts(node.data["path"])}
        schema={input}
        problems={problems}
        onChange={(path) => onChange({ path })}
      />
      <ColumnField label={S.settings.area} field="value" form={form} only={({ type }) => isNumeric(type)} />
    </div>
  );
}
