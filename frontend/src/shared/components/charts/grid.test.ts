import { describe, expect, it } from "vitest";

import { buildGrid, MAX_COLUMNS } from "./grid";

const columns = [
  { name: "symbol", type: "string" },
  { name: "day", type: "date" },
  { name: "side", type: "string" },
  { name: "price", type: "decimal(18,6)" },
  { name: "n", type: "int64" },
];
const rows = [
  ["MSFT", "2026-03-03", "BUY", "2.50", "1"],
  ["AAPL", "2026-03-02", "BUY", "9007199254740993.1", "2"],
  ["AAPL", "2026-03-02", "SELL", null, "3"],
  [null, "2026-03-03", "SELL", "4", "4"],
];
const heads = (grid: ReturnType<typeof buildGrid>) => grid.heads.map((row) => row.map(({ value, span }) => `${String(value)}×${span}`));

describe("buildGrid", () => {
  it("heads lines and columns in their own order and keeps every digit", () => {
    const grid = buildGrid(columns, rows, { rows: ["symbol"], columns: ["day"], values: ["price"] });
    expect(heads(grid)).toEqual([["2026-03-02×1", "2026-03-03×1"]]);
    expect(grid.lines).toEqual([
      { heads: ["AAPL"], cells: [null, undefined] },
      { heads: ["MSFT"], cells: [undefined, "2.50"] },
      { heads: [null], cells: [undefined, "4"] },
    ]);
    expect(grid.shared).toBe(1);
  });

  it("spans outer heads over inner ones, and names several values", () => {
    const grid = buildGrid(columns, rows, { rows: ["symbol"], columns: ["day", "side"], values: ["price", "n"] });
    expect(heads(grid)).toEqual([
      ["2026-03-02×4", "2026-03-03×4"],
      ["BUY×2", "SELL×2", "BUY×2", "SELL×2"],
      ["price×1", "n×1", "price×1", "n×1", "price×1", "n×1", "price×1", "n×1"],
    ]);
    expect(grid.lines[0]).toEqual({
      heads: ["AAPL"],
      cells: ["9007199254740993.1", "2", null, "3", undefined, undefined, undefined, undefined],
    });
    expect(grid.measures.map(({ name }) => name)).toEqual(["price", "n", "price", "n", "price", "n", "price", "n"]);
    expect(grid.shared).toBe(0);
  });

  it("is a plain table without columns", () => {
    const grid = buildGrid(columns, rows, { rows: ["symbol", "day", "side"], columns: [], values: ["n"] });
    expect(heads(grid)).toEqual([["n×1"]]);
    expect(grid.lines.map((line) => [...line.heads, ...line.cells].join(" "))).toEqual([
      "AAPL 2026-03-02 BUY 2",
      "AAPL 2026-03-02 SELL 3",
      "MSFT 2026-03-03 BUY 1",
      " 2026-03-03 SELL 4",
    ]);
  });

  it("shows a bounded number of columns and tells how many there are", () => {
    const many = Array.from({ length: 300 }, (_, index) => ["A", "2026-03-02", `S${index}`, "1", "1"]);
    const grid = buildGrid(columns, many, { rows: ["symbol"], columns: ["side"], values: ["price", "n"] });
    expect([grid.measures.length, grid.totalColumns, grid.lines[0]?.cells.length]).toEqual([MAX_COLUMNS, 600, MAX_COLUMNS]);
  });

  it("survives columns that are not there", () => {
    const grid = buildGrid(columns, rows, { rows: ["gone"], columns: ["gone"], values: [] });
    expect(grid).toMatchObject({ levels: [], measures: [], totalColumns: 0 });
    expect(buildGrid([], [], { rows: ["symbol"], columns: [], values: ["n"] }).lines).toEqual([]);
  });
});
