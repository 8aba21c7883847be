import type { Row, WireColumn } from "@/shared/api/types";
import { S } from "@/shared/strings";

import { change, formatChange } from "./change";
import { toNumber } from "./series";

interface Props {
  /** The value's column and, if there is one, the comparison's: a kpi's output. */
  readonly columns: readonly WireColumn[];
  readonly rows: readonly Row[];
}

/** The first row's value digit for digit, and its change; the same on the canvas and on a dashboard. */
export function KpiView({ columns, rows }: Props) {
  const [value = null, comparison = null] = rows[0] ?? [];
  const share = change(toNumber(value), toNumber(comparison));
  const [name, compared] = columns.map((column) => column.name);
  return (
    <div data-testid="kpi" className="flex h-full flex-col items-center justify-center gap-1 p-4 text-center">
      <p className="max-w-full truncate text-xs text-muted">{name}</p>
      <p className="max-w-full truncate text-3xl font-semibold tabular-nums">{value === null ? "–" : String(value)}</p>
      {compared !== undefined && (
        <p className="max-w-full truncate text-xs text-muted tabular-nums">
          {S.chart.against(share === null ? "–" : formatChange(share), compared, comparison === null ? "–" : String(comparison))}
        </p>
      )}
    </div>
  );
}
