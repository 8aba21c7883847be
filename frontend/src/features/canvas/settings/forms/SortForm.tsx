import { Plus } from "lucide-react";

import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { FieldSet } from "@/shared/ui/Field";
import { Select } from "@/shared/ui/inputs";

import { type SortTerm, sortsOf } from "../../kinds/configs";
import { ColumnSelect } from "../ColumnSelect";
import { ListRow } from "../ListRow";
import type { FormProps } from "../form";
import { movers, removeAt, replaceAt } from "../lists";

export function SortForm({ node, input, onChange }: FormProps) {
  const sorts = sortsOf(node.data);
  const set = (next: readonly SortTerm[]) => onChange({ sorts: next });
  const used = new Set(sorts.map((sort) => sort.column));
  return (
    <FieldSet legend={S.settings.sortBy}>
      {sorts.map((sort, index) => (
        <ListRow
          key={index}
          name={sort.column}
          {...movers(sorts, index, set)}
          onRemove={() => set(removeAt(sorts, index))}
        >
          <ColumnSelect
            label={S.settings.column}
            schema={input}
            value={sort.column}
            only={({ name }) => name === sort.column || !used.has(name)}
            onPick={(column) => set(replaceAt(sorts, index, { ...sort, column }))}
          />
          <Select
            aria-label={S.settings.direction}
            className="max-w-28"
            value={sort.direction ?? "asc"}
            onPick={(value) => set(replaceAt(sorts, index, { ...sort, direction: value === "desc" ? "desc" : "asc" }))}
            choices={[
              { value: "asc", label: S.settings.ascending },
              { value: "desc", label: S.settings.descending },
            ]}
          />
        </ListRow>
      ))}
      <Button
        icon={Plus}
        className="self-start"
        onClick={() => set([...sorts, { column: input?.find(({ name }) => !used.has(name))?.name ?? "", direction: "asc" }])}
      >
        {S.settings.addSort}
      </Button>
      <p className="text-2xs text-muted">{S.settings.nullsLast}</p>
    </FieldSet>
  );
}
