/** By which columns a dashboard can be filtered: those of its widgets' sources. */

import type { GraphDocument, TableInfo, Widget } from "@/shared/api/types";
import { type Column, formatType, parseSchema } from "@/shared/schema/types";

export interface SharedColumn extends Column {
  /** How many widgets have it. */
  readonly widgets: number;
  /** A table whose values of it can be suggested. */
  readonly table: Pick<TableInfo, "database" | "table">;
  /** Whether it names what is traded, or when, in one of the tables. */
  readonly role: "symbol" | "time" | null;
}

/** A widget and its workflow's graph, where that is known. */
export interface WidgetGraph {
  readonly widget: Pick<Widget, "output_node_id">;
  readonly graph: GraphDocument | undefined;
}

/** Columns that at least one widget has, those of the most widgets first; a name with two types is left out. */
export function sharedColumns(widgets: readonly WidgetGraph[], tables: readonly TableInfo[]): readonly SharedColumn[] {
  const found = new Map<string, SharedColumn | null>();
  for (const each of widgets) {
    for (const column of columnsOf(each, tables)) {
      const known = found.get(column.name);
      if (known === null) continue;
      if (known === undefined) found.set(column.name, column);
      else if (formatType(known.type) !== formatType(column.type)) found.set(column.name, null);
      else {
        found.set(column.name, { ...known, widgets: known.widgets + 1, role: known.role ?? column.role });
      }
    }
  }
  return [...found.values()].filter((each) => each !== null).sort((a, b) => b.widgets - a.widgets);
}

/** The column that tells the time in a widget's source; null where none does. */
export function timeColumn({ widget, graph }: WidgetGraph, tables: readonly TableInfo[]): Column | null {
  for (const info of graph ? sourcesOf(graph, widget.output_node_id, tables) : []) {
    const column = parseSchema(info.columns).find((each) => each.name === info.time_column);
    if (column) return column;
  }
  return null;
}

const LIVELY: readonly string[] = ["live", "seconds"];

/** Whether a source of the widget changes within seconds; a widget that nobody knows counts as such. */
export function isLively({ widget, graph }: WidgetGraph, tables: readonly TableInfo[]): boolean {
  return graph === undefined || sourcesOf(graph, widget.output_node_id, tables).some((info) => LIVELY.includes(info.freshness));
}

/** One widget's columns, each once. */
function columnsOf({ widget, graph }: WidgetGraph, tables: readonly TableInfo[]): readonly SharedColumn[] {
  const columns = new Map<string, SharedColumn>();
  for (const info of graph ? sourcesOf(graph, widget.output_node_id, tables) : []) {
    const { database, table, symbol_column: symbol, time_column: time } = info;
    for (const column of parseSchema(info.columns)) {
      const role = column.name === symbol ? "symbol" : column.name === time ? "time" : null;
      columns.set(column.name, { ...column, widgets: 1, table: { database, table }, role });
    }
  }
  return [...columns.values()];
}

/** The tables that a node's rows come from. */
function sourcesOf(graph: GraphDocument, target: string, tables: readonly TableInfo[]): readonly TableInfo[] {
  const wanted = new Set([target]);
  for (const id of wanted) {
    for (const edge of graph.edges) if (edge.target === id) wanted.add(edge.source);
  }
  return graph.nodes.flatMap(({ id, type, data }) =>
    wanted.has(id) && type === "data_source"
      ? tables.filter((each) => each.database === data["database"] && each.table === data["table"])
      : [],
  );
}
