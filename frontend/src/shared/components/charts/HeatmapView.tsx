import { useMemo } from "react";

import type { Row, WireColumn } from "@/shared/api/types";
import { S } from "@/shared/strings";

import { ChartFrame } from "./ChartFrame";
import { Note } from "./Note";
import type { HeatEncoding } from "./encodings";
import { buildHeat } from "./heat";
import { heatOption } from "./heatOption";
import { useLook } from "./useLook";

interface Props {
  readonly encoding: HeatEncoding;
  readonly columns: readonly WireColumn[];
  readonly rows: readonly Row[];
}

export function HeatmapView({ encoding, columns, rows }: Props) {
  const { palette, animate } = useLook();
  const set = useMemo(() => buildHeat(columns, rows, encoding), [columns, rows, encoding]);
  const description = S.chart.gridSummary(encoding.value, encoding.x, encoding.y);
  const option = useMemo(
    () => heatOption({ encoding, set, palette, animate, description }),
    [encoding, set, palette, animate, description],
  );
  return (
    <ChartFrame option={option} description={description} columns={columns} rows={rows} empty={set.cells.length === 0}>
      {set.shared > 0 && <Note>{S.chart.sharedCells(set.shared)}</Note>}
    </ChartFrame>
  );
}
