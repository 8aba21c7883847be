import { Table2 } from "lucide-react";

import type { TableInfo } from "@/shared/api/types";
import { formatCompact } from "@/shared/format/number";
import { S } from "@/shared/strings";
import { cx } from "@/shared/ui/cx";

interface Props {
  readonly tables: readonly TableInfo[];
  readonly search: string;
  readonly current: TableInfo | undefined;
  readonly onPick: (table: TableInfo) => void;
}

function matches(table: TableInfo, search: string): boolean {
  const haystack = `${table.database}.${table.table} ${table.columns.map((column) => column.name).join(" ")}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}

/** Tables by database; the search also looks at column names. */
export function TableList({ tables, search, current, onPick }: Props) {
  const found = tables.filter((table) => matches(table, search));
  const databases = [...new Set(found.map((table) => table.database))].sort();
  if (found.length === 0 && tables.length > 0) return <p className="text-muted">{S.settings.noTables}</p>;
  return (
    <div className="flex flex-col gap-2">
      {databases.map((database) => (
        <div key={database}>
          <h4 className="px-1 pb-0.5 text-2xs font-semibold tracking-wide text-muted uppercase">{database}</h4>
          <ul className="flex flex-col gap-px">
            {found
              .filter((table) => table.database === database)
              .map((table) => (
                <li key={table.table}>
                  <button
                    type="button"
                    data-table={`${table.database}.${table.table}`}
                    aria-current={table === current}
                    onClick={() => onPick(table)}
                    className={cx(
                      "flex w-full items-center gap-2 rounded-md px-1.5 py-1 text-left hover:bg-hover",
                      table === current && "bg-accent-soft",
                    )}
                  >
                    <Table2 aria-hidden size={14} className="shrink-0 text-source" />
                    <span className="min-w-0 flex-1 truncate">{table.table}</span>
                    <span className="shrink-0 text-2xs text-muted tabular-nums">
                      {typeof table.rows === "number"
                        ? S.settings.tableSize(formatCompact(table.rows), table.columns.length)
                        : S.common.columns(table.columns.length)}
                    </span>
                  </button>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </div>
  );
}
