import { isNumeric } from "@/shared/schema/types";
import { S } from "@/shared/strings";

import type { FormProps } from "../form";
import { ColumnField } from "./ColumnField";

export function HeatmapForm(form: FormProps) {
  return (
    <div className="flex flex-col gap-4">
      <ColumnField label={S.settings.heatX} field="x" form={form} />
      <ColumnField label={S.settings.heatY} field="y" form={form} />
      <ColumnField label={S.settings.heatValue} field="value" form={form} only={({ type }) => isNumeric(type)} />
    </div>
  );
}
