import { Plus } from "lucide-react";
import { useState } from "react";

import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { FieldSet } from "@/shared/ui/Field";

import { FilterChip } from "../filters/FilterChip";
import { FilterDialog } from "../filters/FilterDialog";
import type { SharedColumn } from "../filters/columns";
import { describeFilter, type TextFilter } from "../filters/filter";

interface Props {
  readonly columns: readonly SharedColumn[];
  readonly locks: readonly TextFilter[];
  readonly onLocks: (locks: readonly TextFilter[]) => void;
}

/** Filters that a key puts on every viewer. */
export function LockedFilters({ columns, locks, onLocks }: Props) {
  const [editing, setEditing] = useState<number | null>(null);
  const put = (lock: TextFilter) => {
    onLocks(locks.toSpliced(editing ?? locks.length, 1, lock));
    setEditing(null);
  };
  return (
    <FieldSet legend={S.embed.locks}>
      <div className="flex flex-wrap items-center gap-1.5">
        {locks.map((lock, at) => (
          <FilterChip
            key={`${lock.column} ${at}`}
            text={describeFilter(lock, S.filters.values)}
            onEdit={() => setEditing(at)}
            onRemove={() => onLocks(locks.toSpliced(at, 1))}
          />
        ))}
        <Button icon={Plus} onClick={() => setEditing(locks.length)}>
          {S.embed.addLock}
        </Button>
      </div>
      <p className="text-2xs text-muted">{S.embed.locksHint}</p>
      {editing !== null && (
        <FilterDialog
          columns={columns}
          widgets={null}
          initial={locks[editing] ?? { column: columns.find((each) => each.role === "symbol")?.name ?? "", operator: "IN", values: [] }}
          onApply={put}
          onClose={() => setEditing(null)}
        />
      )}
    </FieldSet>
  );
}
