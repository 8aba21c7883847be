import { useMemo } from "react";

import type { Row, WireColumn } from "@/shared/api/types";
import { S } from "@/shared/strings";

import { ChartFrame } from "./ChartFrame";
import { Note } from "./Note";
import type { ChartKind } from "./kinds";
import { chartOption } from "./options";
import { buildSeries, type Encoding } from "./series";
import { useLook } from "./useLook";

interface Props {
  readonly kind: ChartKind;
  readonly encoding: Encoding;
  readonly columns: readonly WireColumn[];
  readonly rows: readonly Row[];
}

/** A chart with axes; the same on the canvas and on a dashboard. */
export function ChartView({ kind, encoding, columns, rows }: Props) {
  const { palette, animate } = useLook();
  const set = useMemo(() => buildSeries(columns, rows, encoding, kind === "scatter"), [columns, rows, encoding, kind]);
  const description = S.chart.summary(S.kinds[kind].label, encoding.y.join(", "), encoding.x, rows.length);
  const option = useMemo(
    () => chartOption({ kind, encoding, set, palette, animate, description }),
    [kind, encoding, set, palette, animate, description],
  );
  return (
    <ChartFrame option={option} description={description} columns={columns} rows={rows} empty={set.series.length === 0}>
      {set.total > set.series.length && <Note>{S.chart.tooMany(set.series.length, set.total)}</Note>}
    </ChartFrame>
  );
}
