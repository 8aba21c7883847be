import { Plus } from "lucide-react";

import { findColumn, formatType } from "@/shared/schema/types";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { FieldSet } from "@/shared/ui/Field";
import { TypeIcon } from "@/shared/ui/TypeIcon";

import { texts } from "../../kinds/configs";
import { ListRow } from "../ListRow";
import type { FormProps } from "../form";
import { movers, removeAt } from "../lists";

export function SelectForm({ node, input, onChange }: FormProps) {
  const columns = texts(node.data["columns"]);
  const others = (input ?? []).filter((column) => !columns.includes(column.name));
  const set = (next: readonly string[]) => onChange({ columns: next });
  return (
    <div className="flex flex-col gap-4">
      <FieldSet legend={S.settings.selected}>
        {columns.map((name, index) => {
          const column = findColumn(input ?? [], name);
          return (
            <ListRow
              key={name}
              name={name}
              {...movers(columns, index, set)}
              onRemove={() => set(removeAt(columns, index))}
            >
              {column && <TypeIcon type={formatType(column.type)} />}
              <span className={column || !input ? "truncate" : "truncate text-danger line-through"}>{name}</span>
            </ListRow>
          );
        })}
        {columns.length > 0 && (
          <Button className="self-start" onClick={() => set([])}>
            {S.settings.removeAll}
          </Button>
        )}
      </FieldSet>
      {others.length > 0 && (
        <FieldSet legend={S.settings.available}>
          {others.map((column) => (
            <button
              key={column.name}
              type="button"
              onClick={() => set([...columns, column.name])}
              className="flex items-center gap-2 rounded-md px-1 py-0.5 text-left hover:bg-hover"
            >
              <Plus aria-hidden size={13} className="text-muted" />
              <TypeIcon type={formatType(column.type)} />
              <span className="truncate">{column.name}</span>
            </button>
          ))}
          <Button className="self-start" onClick={() => set([...columns, ...others.map((column) => column.name)])}>
            {S.settings.addAll}
          </Button>
        </FieldSet>
      )}
    </div>
  );
}
