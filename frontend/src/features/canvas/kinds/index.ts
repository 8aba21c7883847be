/** All node types of the canvas, in the palette's order. */

import { CircleHelp } from "lucide-react";

import { NODES, type NodeKind } from "@/shared/schema/generated/nodes";

import type { Doc, DocNode } from "../document/doc";
import type { Ports } from "../document/ports";
import { asofJoin } from "./asof_join";
import { barChart, lineChart, scatter } from "./charts";
import { candlestick } from "./candlestick";
import { dataSource } from "./data_source";
import { DECORATION_KINDS } from "./decorations";
import { filter } from "./filter";
import { formula } from "./formula";
import { groupBy } from "./group_by";
import { heatmap } from "./heatmap";
import type { Kind, Look } from "./kind";
import { join } from "./join";
import { kpi } from "./kpi";
import { limit } from "./limit";
import { pivot } from "./pivot";
import { pivotTable } from "./pivot_table";
import { rename } from "./rename";
import { sample } from "./sample";
import { select } from "./select";
import { sort } from "./sort";
import { tableView } from "./table_view";
import { timeBucket } from "./time_bucket";
import { union } from "./union";
import { treemap } from "./treemap";
import { unique } from "./unique";
import { window } from "./window";

/** Complete by its type: a new node type does not compile until it has a look. */
const LOOKS: Readonly<Record<NodeKind, Look>> = {
  data_source: dataSource,
  filter,
  select,
  rename,
  sort,
  unique,
  limit,
  sample,
  join,
  asof_join: asofJoin,
  union,
  formula,
  time_bucket: timeBucket,
  window,
  group_by: groupBy,
  pivot,
  table_view: tableView,
  line_chart: lineChart,
  bar_chart: barChart,
  candlestick,
  scatter,
  heatmap,
  treemap,
  kpi,
  pivot_table: pivotTable,
};

const BY_TYPE: ReadonlyMap<string, Kind> = new Map(
  Object.entries(NODES).map(([type, { ports, terminal }]) => {
    const look = LOOKS[type as NodeKind];
    return [type, { ...look, type, inputs: ports, hasOutput: !terminal }];
  }),
);

export const KINDS: readonly Kind[] = Object.keys(LOOKS).map(kindOf);

/** A type that this version does not know can still be seen, wired and deleted. */
function unknownKind(type: string): Kind {
  return {
    type,
    label: type,
    text: "",
    group: "compute",
    icon: CircleHelp,
    inputs: [{ handle: null, least: 0, most: Infinity }],
    hasOutput: true,
    defaults: () => ({}),
    configured: () => true,
    summary: () => "",
  };
}

export function kindOf(type: string): Kind {
  return BY_TYPE.get(type) ?? DECORATION_KINDS.find((kind) => kind.type === type) ?? unknownKind(type);
}

export const portsOf = (type: string): Ports => kindOf(type);

/** A node's name for people: its own, or else `Filter`, or `Filter 2` where there are several. */
export function nodeName(doc: Doc, node: DocNode): string {
  if (node.name !== undefined) return node.name;
  const { label } = kindOf(node.type);
  const same = doc.nodes.filter((other) => other.type === node.type);
  return same.length > 1 ? `${label} ${same.indexOf(node) + 1}` : label;
}

export { isDrawn } from "@/shared/components/charts/kinds";
