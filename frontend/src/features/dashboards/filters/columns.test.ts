import { expect, it } from "vitest";

import type { GraphDocument, TableInfo } from "@/shared/api/types";

import { isLively, sharedColumns, timeColumn } from "./columns";

const table = (name: string, columns: Readonly<Record<string, string>>): TableInfo => ({
  database: "flowforge",
  table: name,
  store: "clickhouse",
  freshness: "batch",
  symbol_column: "symbol",
  time_column: "at",
  columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
});

const TABLES = [
  table("trades", { symbol: "string", at: "datetime", price: "decimal(18,6)" }),
  table("quotes", { symbol: "string", at: "datetime", price: "float64", venue: "string" }),
  table("other", { hidden: "string" }),
];

/** A graph that reads a table through a limit; beside it, one that nothing comes of. */
function reading(name: string): GraphDocument {
  const node = (id: string, type: string, data: Record<string, unknown>) => ({ id, type, data, position: { x: 0, y: 0 } });
  return {
    nodes: [
      node("s", "data_source", { database: "flowforge", table: name }),
      node("out", "limit", { rows: 1 }),
      node("x", "data_source", { database: "flowforge", table: "other" }),
    ],
    edges: [{ source: "s", target: "out" }],
  };
}

const widget = { output_node_id: "out" };

it("offers what sources have, the most shared first, and nothing that means two things", () => {
  const columns = sharedColumns(
    [
      { widget, graph: reading("trades") },
      { widget, graph: reading("quotes") },
      { widget, graph: undefined },
    ],
    TABLES,
  );
  expect(columns.map(({ name, widgets, role }) => [name, widgets, role])).toEqual([
    ["symbol", 2, "symbol"],
    ["at", 2, "time"],
    ["venue", 1, null],
  ]);
  expect(columns[0]?.table).toEqual({ database: "flowforge", table: "trades" });
});

it("knows which column tells the time in a widget's source", () => {
  expect(timeColumn({ widget, graph: reading("trades") }, TABLES)?.name).toBe("at");
  expect(timeColumn({ widget, graph: reading("other") }, TABLES)).toBeNull();
  expect(timeColumn({ widget, graph: undefined }, TABLES)).toBeNull();
});

it("knows which widgets change within seconds", () => {
  const live = TABLES.map((each) => ({ ...each, freshness: each.table === "quotes" ? "live" : "hours" }));
  expect(isLively({ widget, graph: reading("quotes") }, live)).toBe(true);
  expect(isLively({ widget, graph: reading("trades") }, live)).toBe(false);
  expect(isLively({ widget, graph: undefined }, live)).toBe(true);
});
