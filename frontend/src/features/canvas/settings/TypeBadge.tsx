import { type Column, formatType } from "@/shared/schema/types";
import { cx } from "@/shared/ui/cx";
import { TypeIcon } from "@/shared/ui/TypeIcon";

/** A column's type in small, marked where it does not fit. */
export function TypeBadge({ column, wrong = false }: { readonly column: Column | undefined; readonly wrong?: boolean }) {
  if (!column) return null;
  const type = formatType(column.type);
  return (
    <span className={cx("flex min-w-0 items-center gap-1 font-mono text-2xs", wrong ? "text-danger" : "text-muted")}>
      <TypeIcon type={type} size={11} />
      <span aria-hidden className="truncate">
        {type}
        {column.nullable ? "?" : ""}
      </span>
    </span>
  );
}
