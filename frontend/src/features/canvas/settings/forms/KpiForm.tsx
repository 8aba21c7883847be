import { useId } from "react";

import { isNumeric } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { Field } from "@/shared/ui/Field";

import { text } from "../../kinds/configs";
import { ColumnSelect } from "../ColumnSelect";
import type { FormProps } from "../form";

export function KpiForm({ node, input, onChange }: FormProps) {
  const id = useId();
  const value = text(node.data["value"]);
  return (
    <div className="flex flex-col gap-4">
      <Field label={S.settings.value} htmlFor={`${id}-value`}>
        <ColumnSelect
          id={`${id}-value`}
          schema={input}
          value={value}
          only={(column) => isNumeric(column.type)}
          onPick={(column) => onChange({ value: column })}
        />
      </Field>
      <Field label={S.settings.comparison} htmlFor={`${id}-comparison`}>
        <ColumnSelect
          id={`${id}-comparison`}
          schema={input}
          value={text(node.data["comparison"])}
          none={S.settings.noSeries}
          only={(column) => isNumeric(column.type) && column.name !== value}
          onPick={(column) => onChange({ comparison: column === "" ? undefined : column })}
        />
      </Field>
      <p className="text-2xs text-muted">{S.settings.firstRow}</p>
    </div>
  );
}
