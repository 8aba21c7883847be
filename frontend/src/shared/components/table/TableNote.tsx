import { S } from "@/shared/strings";

import type { SortOrder } from "./sortRows";

interface Props {
  readonly hidden: number;
  readonly order: SortOrder | null;
  readonly onShowAll: () => void;
  readonly onUnsort: () => void;
}

/** That the table is not shown as it came, and the way back. */
export function TableNote({ hidden, order, onShowAll, onUnsort }: Props) {
  if (hidden === 0 && order === null) return null;
  const button = "font-medium text-accent underline";
  return (
    <p role="status" className="flex shrink-0 flex-wrap gap-x-3 border-b border-line bg-surface px-2 py-1 text-2xs text-muted">
      {order && (
        <span>
          {S.profile.sortedBy(order.column, order.down)}{" "}
          <button type="button" className={button} onClick={onUnsort}>
            {S.profile.unsort}
          </button>
        </span>
      )}
      {hidden > 0 && (
        <span>
          {S.profile.hidden(hidden)}{" "}
          <button type="button" className={button} onClick={onShowAll}>
            {S.profile.showAll}
          </button>
        </span>
      )}
    </p>
  );
}
