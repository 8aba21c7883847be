import { ChevronLeft, ChevronRight } from "lucide-react";

import { S } from "@/shared/strings";
import { IconButton } from "@/shared/ui/IconButton";

/** The server answers no page that begins after this row. */
const MAX_OFFSET = 10_000;

interface Props {
  /** Counts from 0. */
  readonly page: number;
  readonly pageSize: number;
  readonly more: boolean;
  readonly onPage: (page: number) => void;
}

export function Pager({ page, pageSize, more, onPage }: Props) {
  const capped = (page + 1) * pageSize > MAX_OFFSET;
  return (
    <div className="flex items-center justify-end gap-1 border-t border-line px-2 py-0.5">
      {more && capped && <span className="mr-auto text-2xs text-muted">{S.results.capped}</span>}
      <IconButton icon={ChevronLeft} label={S.results.previous} disabled={page === 0} onClick={() => onPage(page - 1)} />
      <span className="text-xs text-muted tabular-nums">{S.results.page(page + 1)}</span>
      <IconButton icon={ChevronRight} label={S.results.next} disabled={!more || capped} onClick={() => onPage(page + 1)} />
    </div>
  );
}
