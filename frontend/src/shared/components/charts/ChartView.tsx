import { ChartLine, Table2 } from "lucide-react";
import { useMemo, useState } from "react";

import type { Row, WireColumn } from "@/shared/api/types";
import { useMediaQuery } from "@/shared/hooks/useMediaQuery";
import { S } from "@/shared/strings";
import { useResolvedTheme } from "@/shared/theme";
import { IconButton } from "@/shared/ui/IconButton";

import { DataTable } from "../table/DataTable";
import { EChart } from "./EChart";
import type { ChartKind } from "./kinds";
import { chartOption } from "./options";
import { readPalette } from "./palette";
import { buildSeries, type Encoding } from "./series";

interface Props {
  readonly kind: ChartKind;
  readonly encoding: Encoding;
  readonly columns: readonly WireColumn[];
  readonly rows: readonly Row[];
}

/** A chart with its data as a table one click away; the same on the canvas and on a dashboard. */
export function ChartView({ kind, encoding, columns, rows }: Props) {
  const [asTable, setAsTable] = useState(false);
  const theme = useResolvedTheme();
  const still = useMediaQuery("(prefers-reduced-motion: reduce)");
  const set = useMemo(() => buildSeries(columns, rows, encoding, kind === "scatter"), [columns, rows, encoding, kind]);
  const description = S.chart.summary(S.kinds[kind].label, encoding.y.join(", "), encoding.x, rows.length);
  const option = useMemo(
    () =>
      chartOption({ kind, encoding, set, palette: readPalette(document.documentElement), animate: !still, description }),
    // `theme` is what the palette is read from.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [kind, encoding, set, still, description, theme],
  );
  return (
    <div className="relative flex h-full min-h-0 flex-col" data-keys="own">
      <div className="absolute top-1 right-1 z-10 rounded-md bg-surface/80">
        <IconButton
          icon={asTable ? ChartLine : Table2}
          label={asTable ? S.chart.asChart : S.chart.asTable}
          onClick={() => setAsTable(!asTable)}
        />
      </div>
      <div className="min-h-0 flex-1">
        {asTable ? (
          <DataTable label={description} columns={columns} rows={rows} />
        ) : set.series.length === 0 ? (
          <p className="p-6 text-center text-muted">{S.chart.noData}</p>
        ) : (
          <EChart option={option} label={description} />
        )}
      </div>
      {set.total > set.series.length && (
        <p className="px-2 py-1 text-2xs text-warn">{S.chart.tooMany(set.series.length, set.total)}</p>
      )}
    </div>
  );
}
