import { useMemo } from "react";

import type { Row, WireColumn } from "@/shared/api/types";

import { CandlestickView } from "./CandlestickView";
import { ChartView } from "./ChartView";
import { HeatmapView } from "./HeatmapView";
import { KpiView } from "./KpiView";
import { PivotTable } from "./PivotTable";
import { TreemapView } from "./TreemapView";
import { type EncodingSource, readAxes, readCandles, readGrid, readHeat, readTree } from "./encodings";
import type { DrawnKind } from "./kinds";

interface Props {
  readonly kind: DrawnKind;
  /** A node's configuration, or a widget's chart spec. */
  readonly config: EncodingSource;
  readonly columns: readonly WireColumn[];
  readonly rows: readonly Row[];
}

/** The picture of a node's rows: the same component on the canvas, on a dashboard and embedded. */
export function Drawing({ kind, config, columns, rows }: Props) {
  // A view works out its picture when its encoding changes: not each time that somebody reads it.
  const encoding = useMemo(
    () => ({
      axes: readAxes(config),
      candles: readCandles(config),
      heat: readHeat(config),
      tree: readTree(config),
      grid: readGrid(config),
    }),
    [config],
  );
  const data = { columns, rows };
  switch (kind) {
    case "candlestick":
      return <CandlestickView encoding={encoding.candles} {...data} />;
    case "heatmap":
      return <HeatmapView encoding={encoding.heat} {...data} />;
    case "treemap":
      return <TreemapView encoding={encoding.tree} {...data} />;
    case "pivot_table":
      return <PivotTable encoding={encoding.grid} {...data} />;
    case "kpi":
      return <KpiView {...data} />;
    default:
      return <ChartView kind={kind} encoding={encoding.axes} {...data} />;
  }
}
