import { Filter, Plus } from "lucide-react";
import { useState } from "react";

import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";

import { FilterChip } from "./FilterChip";
import { FilterDialog } from "./FilterDialog";
import { TimeRangeMenu } from "./TimeRangeMenu";
import type { SharedColumn } from "./columns";
import { describeFilter, type TextFilter } from "./filter";
import type { Filters } from "./questions";

interface Props {
  readonly columns: readonly SharedColumn[];
  readonly widgets: number;
  readonly filters: Filters;
  readonly onFilters: (filters: Filters) => void;
}

/** What is being edited: a filter by its place, or a new one with the column that it begins with. */
type Editing = { readonly at: number } | { readonly column: string } | null;

/** The bar of filters that all widgets share: time, what is traded, and any other column. */
export function FilterBar({ columns, widgets, filters, onFilters }: Props) {
  const [editing, setEditing] = useState<Editing>(null);
  const { conditions } = filters;
  const symbol = columns.find((column) => column.role === "symbol");
  const offersSymbol = symbol !== undefined && !conditions.some((each) => each.column === symbol.name);
  const put = (next: TextFilter) => {
    const at = editing && "at" in editing ? editing.at : conditions.length;
    onFilters({ ...filters, conditions: conditions.toSpliced(at, 1, next) });
    setEditing(null);
  };
  const initial: TextFilter | undefined =
    editing === null ? undefined : "at" in editing ? conditions[editing.at] : { column: editing.column, operator: "IN", values: [] };
  return (
    <div
      role="group"
      aria-label={S.filters.label}
      className="flex shrink-0 flex-wrap items-center gap-1.5 border-b border-line bg-surface px-2.5 py-1.5"
    >
      <Filter aria-hidden size={13} className="shrink-0 text-muted" />
      <TimeRangeMenu columns={columns} time={filters.time} onTime={(time) => onFilters({ ...filters, time })} />
      {offersSymbol && <Button onClick={() => setEditing({ column: symbol.name })}>{S.filters.anySymbol(symbol.name)}</Button>}
      {conditions.map((filter, at) => (
        <FilterChip
          key={`${filter.column} ${at}`}
          text={describeFilter(filter, S.filters.values)}
          onEdit={() => setEditing({ at })}
          onRemove={() => onFilters({ ...filters, conditions: conditions.toSpliced(at, 1) })}
        />
      ))}
      <Button tone="quiet" icon={Plus} onClick={() => setEditing({ column: "" })}>
        {S.filters.add}
      </Button>
      {(conditions.length > 0 || filters.time) && (
        <Button tone="quiet" className="text-muted" onClick={() => onFilters({ conditions: [], time: null })}>
          {S.filters.clear}
        </Button>
      )}
      {initial && (
        <FilterDialog columns={columns} widgets={widgets} initial={initial} onApply={put} onClose={() => setEditing(null)} />
      )}
    </div>
  );
}
