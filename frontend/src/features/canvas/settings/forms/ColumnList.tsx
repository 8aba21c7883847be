import type { WireColumn } from "@/shared/api/types";
import { S } from "@/shared/strings";
import { TypeIcon } from "@/shared/ui/TypeIcon";

/** Names and types of columns, to look at. */
export function ColumnList({ columns }: { readonly columns: readonly WireColumn[] }) {
  return (
    <div>
      <h4 className="pb-1 text-xs font-medium text-muted">{S.common.columns(columns.length)}</h4>
      <ul className="flex flex-col">
        {columns.map((column) => (
          <li key={column.name} className="flex items-center gap-2 border-b border-line py-0.75 last:border-0">
            <TypeIcon type={column.type} />
            <span className="min-w-0 flex-1 truncate">{column.name}</span>
            <span className="shrink-0 font-mono text-2xs text-muted">
              {column.type}
              {column.nullable ? "?" : ""}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
