import type { ResultAnswer } from "@/shared/api/types";
import { formatDatetime } from "@/shared/format/cell";
import { S } from "@/shared/strings";

interface Props {
  readonly result: ResultAnswer;
  readonly updating: boolean;
}

/** What the rows are: how many, whether there are more, from where and when. */
export function Badge({ result, updating }: Props) {
  const { rows, truncated, cache_hit: cached, execution_ms: ms, as_of: asOf } = result;
  const parts = [
    truncated ? S.results.badge.first(rows.length) : S.results.badge.all(rows.length),
    truncated ? S.results.badge.truncated : S.results.badge.complete,
    cached ? S.results.badge.cached : S.results.badge.took(ms),
    S.results.badge.asOf(formatDatetime(asOf.replace(/\.\d+/, ""))),
  ];
  return (
    <p data-testid="badge" className="flex items-center gap-1.5 truncate text-2xs text-muted">
      {updating && <span className="font-medium text-accent">{S.results.updating}</span>}
      <span className="truncate">{parts.join(" · ")}</span>
    </p>
  );
}
