/** By which columns a dashboard can be filtered: those of its widgets' sources and of their outputs. */

import type { GraphDocument, TableInfo, Widget } from "@/shared/api/types";
import { type Column, formatType, parseSchema, type WireColumn } from "@/shared/schema/types";

export interface SharedColumn extends Column {
  /** How many widgets have it. */
  readonly widgets: number;
  /** A table whose values of it can be suggested. */
  readonly table: Pick<TableInfo, "database" | "table"> | null;
  /** Whether it names what is traded, or when, in one of the tables. */
  readonly role: "symbol" | "time" | null;
}

/** A widget, its workflow's graph and the columns that its data has, as far as they are known. */
export interface WidgetColumns {
  readonly widget: Pick<Widget, "output_node_id">;
  readonly graph: GraphDocument | undefined;
  readonly output: readonly WireColumn[] | undefined;
}

/** Columns that at least one widget has, those of the most widgets first; a name with two types is left out. */
export function sharedColumns(widgets: readonly WidgetColumns[], tables: readonly TableInfo[]): readonly SharedColumn[] {
  const found = new Map<string, SharedColumn | null>();
  for (const { widget, graph, output } of widgets) {
    for (const column of columnsOf(widget.output_node_id, graph, output, tables)) {
      const known = found.get(column.name);
      if (known === null) continue;
      if (known === undefined) found.set(column.name, column);
      else if (formatType(known.type) !== formatType(column.type)) found.set(column.name, null);
      else {
        const { table, role } = known;
        found.set(column.name, { ...known, widgets: known.widgets + 1, table: table ?? column.table, role: role ?? column.role });
      }
    }
  }
  return [...found.values()].filter((each) => each !== null).sort((a, b) => b.widgets - a.widgets);
}

/** One widget's columns, each once. */
function columnsOf(
  target: string,
  graph: GraphDocument | undefined,
  output: readonly WireColumn[] | undefined,
  tables: readonly TableInfo[],
): readonly SharedColumn[] {
  const columns = new Map<string, SharedColumn>();
  for (const info of graph ? sourcesOf(graph, target, tables) : []) {
    const { database, table, symbol_column: symbol, time_column: time } = info;
    for (const column of parseSchema(info.columns)) {
      const role = column.name === symbol ? "symbol" : column.name === time ? "time" : null;
      columns.set(column.name, { ...column, widgets: 1, table: { database, table }, role });
    }
  }
  for (const column of parseSchema(output ?? [])) {
    if (!columns.has(column.name)) columns.set(column.name, { ...column, widgets: 1, table: null, role: null });
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
