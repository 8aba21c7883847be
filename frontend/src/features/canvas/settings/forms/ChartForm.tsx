import { useId } from "react";

import { isNumeric } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { Field, FieldSet } from "@/shared/ui/Field";

import { chartOf } from "../../kinds/configs";
import { ColumnSelect } from "../ColumnSelect";
import { ListRow } from "../ListRow";
import type { FormProps } from "../form";
import { movers, removeAt, replaceAt } from "../lists";

export function ChartForm({ node, input, onChange }: FormProps) {
  const { x, y, series } = chartOf(node.data);
  const id = useId();
  const setY = (next: readonly string[]) => onChange({ y: next });
  return (
    <div className="flex flex-col gap-4">
      <Field label={S.settings.x} htmlFor={`${id}-x`}>
        <ColumnSelect id={`${id}-x`} schema={input} value={x} onPick={(column) => onChange({ x: column })} />
      </Field>
      <FieldSet legend={S.settings.y}>
        {y.map((name, index) => (
          <ListRow key={index} name={name} {...movers(y, index, setY)} onRemove={() => setY(removeAt(y, index))}>
            <ColumnSelect
              label={S.settings.y}
              schema={input}
              value={name}
              only={(column) => isNumeric(column.type) && (column.name === name || !y.includes(column.name))}
              onPick={(column) => setY(replaceAt(y, index, column))}
            />
          </ListRow>
        ))}
        <ColumnSelect
          label={S.settings.addY}
          schema={input}
          value=""
          none={`+ ${S.settings.addY}`}
          only={(column) => isNumeric(column.type) && !y.includes(column.name)}
          onPick={(column) => setY([...y, column])}
        />
      </FieldSet>
      <Field label={S.settings.series} htmlFor={`${id}-series`}>
        <ColumnSelect
          id={`${id}-series`}
          schema={input}
          value={series ?? ""}
          none={S.settings.noSeries}
          only={(column) => column.name !== x && !y.includes(column.name)}
          onPick={(column) => onChange({ series: column === "" ? undefined : column })}
        />
      </Field>
    </div>
  );
}
