/** Schema inference by node kind: one file per kind, and this table. */

import { type NodeConfigs, type NodeKind, NODES } from "../generated/nodes";
import { GraphError } from "../errors";
import { decode, deepest } from "../json_schema";
import { kept, type Ordering } from "../ordering";
import type { Schema } from "../types";
import * as asof_join from "./asof_join";
import * as bar_chart from "./bar_chart";
import type { Complete } from "./base";
import * as candlestick from "./candlestick";
import * as data_source from "./data_source";
import * as filter from "./filter";
import * as formula from "./formula";
import * as group_by from "./group_by";
import * as heatmap from "./heatmap";
import * as join from "./join";
import * as kpi from "./kpi";
import * as limit from "./limit";
import * as line_chart from "./line_chart";
import * as pivot from "./pivot";
import * as pivot_table from "./pivot_table";
import * as rename from "./rename";
import * as sample from "./sample";
import * as scatter from "./scatter";
import * as select from "./select";
import * as sort from "./sort";
import * as table_view from "./table_view";
import * as time_bucket from "./time_bucket";
import * as treemap from "./treemap";
import * as union from "./union";
import * as unique from "./unique";
import * as window from "./window";

type Infer<Config> = (config: Complete<Config>, inputs: readonly Schema[]) => Schema;

const INFER: { readonly [Kind in NodeKind]: Infer<NodeConfigs[Kind]> } = {
  data_source: data_source.infer,
  filter: filter.infer,
  select: select.infer,
  rename: rename.infer,
  formula: formula.infer,
  group_by: group_by.infer,
  pivot: pivot.infer,
  sort: sort.infer,
  unique: unique.infer,
  limit: limit.infer,
  sample: sample.infer,
  time_bucket: time_bucket.infer,
  window: window.infer,
  join: join.infer,
  asof_join: asof_join.infer,
  union: union.infer,
  table_view: table_view.infer,
  line_chart: line_chart.infer,
  bar_chart: bar_chart.infer,
  candlestick: candlestick.infer,
  scatter: scatter.infer,
  heatmap: heatmap.infer,
  treemap: treemap.infer,
  kpi: kpi.infer,
  pivot_table: pivot_table.infer,
};

type Orders<Config> = (config: Complete<Config>, inputs: readonly Ordering[]) => Ordering;

/** Kinds whose rows are ordered otherwise than those of their input, or that need an order. */
const ORDERS: { readonly [Kind in NodeKind]?: Orders<NodeConfigs[Kind]> } = {
  sort: sort.orders,
  group_by: group_by.orders,
  pivot: pivot.orders,
  window: window.orders,
};

export function isNodeKind(type: string): type is NodeKind {
  return Object.hasOwn(NODES, type);
}

/** The configuration with its defaults; a `GraphError` names the field that is wrong. */
export function readConfig<Kind extends NodeKind>(kind: Kind, data: unknown): Complete<NodeConfigs[Kind]> {
  const decoded = decode(NODES[kind].schema, data);
  if ("value" in decoded) return decoded.value as Complete<NodeConfigs[Kind]>;
  const { path, message } = deepest(decoded.issues) ?? decoded.issues[0];
  const field = path.join(".") || "data";
  throw new GraphError("invalid_config", `${field} ${message}.`, { field });
}

/** A node's output columns from its checked configuration and its inputs' columns. */
export function inferSchema<Kind extends NodeKind>(
  kind: Kind,
  config: Complete<NodeConfigs[Kind]>,
  inputs: readonly Schema[],
): Schema {
  return INFER[kind](config, inputs);
}

/** What orders a node's rows; a `GraphError` where it needs an order that its input lacks. */
export function orderOf<Kind extends NodeKind>(
  kind: Kind,
  config: Complete<NodeConfigs[Kind]>,
  inputs: readonly Ordering[],
): Ordering {
  return ORDERS[kind]?.(config, inputs) ?? kept(inputs);
}
