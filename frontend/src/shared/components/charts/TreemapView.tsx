import { useMemo } from "react";

import type { Row, WireColumn } from "@/shared/api/types";
import { S } from "@/shared/strings";

import { ChartFrame } from "./ChartFrame";
import { Note } from "./Note";
import type { TreeEncoding } from "./encodings";
import { buildTree } from "./tree";
import { treeOption } from "./treeOption";
import { useLook } from "./useLook";

interface Props {
  readonly encoding: TreeEncoding;
  readonly columns: readonly WireColumn[];
  readonly rows: readonly Row[];
}

export function TreemapView({ encoding, columns, rows }: Props) {
  const { palette, animate } = useLook();
  const set = useMemo(() => buildTree(columns, rows, encoding), [columns, rows, encoding]);
  const description = S.chart.mapSummary(encoding.value, encoding.path.join(", "));
  const option = useMemo(
    () => treeOption({ encoding, set, palette, animate, description }),
    [encoding, set, palette, animate, description],
  );
  return (
    <ChartFrame option={option} description={description} columns={columns} rows={rows} empty={set.tiles.length === 0}>
      {set.total > set.shown && <Note>{S.chart.moreTiles(set.shown, set.total)}</Note>}
      {set.without > 0 && <Note>{S.chart.noArea(set.without)}</Note>}
    </ChartFrame>
  );
}
