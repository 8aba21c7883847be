import { S } from "@/shared/strings";
import { FieldSet } from "@/shared/ui/Field";

import { texts } from "../../kinds/configs";
import { ColumnSelect } from "../ColumnSelect";
import { ListRow } from "../ListRow";
import type { FormProps } from "../form";
import { movers, removeAt, replaceAt } from "../lists";

export function UniqueForm({ node, input, onChange }: FormProps) {
  const columns = texts(node.data["columns"]);
  const set = (next: readonly string[]) => onChange({ columns: next });
  return (
    <FieldSet legend={S.settings.uniqueBy}>
      {columns.map((name, index) => (
        <ListRow key={index} name={name} {...movers(columns, index, set)} onRemove={() => set(removeAt(columns, index))}>
          <ColumnSelect
            label={S.settings.column}
            schema={input}
            value={name}
            only={(column) => column.name === name || !columns.includes(column.name)}
            onPick={(column) => set(replaceAt(columns, index, column))}
          />
        </ListRow>
      ))}
      <ColumnSelect
        label={S.settings.addColumn}
        schema={input}
        value=""
        none={`+ ${S.settings.addColumn}`}
        only={(column) => !columns.includes(column.name)}
        onPick={(column) => set([...columns, column])}
      />
      <p className="text-2xs text-muted">{S.settings.uniqueHint}</p>
    </FieldSet>
  );
}
