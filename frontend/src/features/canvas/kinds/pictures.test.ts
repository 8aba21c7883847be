import { describe, expect, it } from "vitest";

import { parseSchema } from "@/shared/schema/types";

import { candlestick, firstCandles } from "./candlestick";
import { firstHeatmap } from "./heatmap";
import { listedValues, pivot } from "./pivot";
import { firstGrid } from "./pivot_table";
import { firstTreemap } from "./treemap";

const bars = parseSchema([
  { name: "symbol", type: "string" },
  { name: "day", type: "date" },
  { name: "low", type: "decimal(18,6)" },
  { name: "day_open", type: "decimal(18,6)" },
  { name: "high", type: "decimal(18,6)" },
  { name: "last", type: "decimal(18,6)" },
  { name: "total_volume", type: "decimal(38,4)" },
]);

describe("pictures begin with", () => {
  it("prices by their names, then by their places", () => {
    const prices = { open: "day_open", high: "high", low: "low", close: "last" };
    expect(firstCandles(bars)).toEqual({ time: "day", ...prices, volume: "total_volume" });
    expect(candlestick.configured(firstCandles(bars))).toBe(true);
  });

  it("a time across and a text down", () => {
    expect(firstHeatmap(bars)).toEqual({ x: "day", y: "symbol", value: "total_volume" });
    expect(firstGrid(bars)).toEqual({ rows: ["symbol"], columns: ["day"], values: ["total_volume"] });
    expect(firstTreemap(bars)).toEqual({ path: ["symbol"], value: "total_volume" });
  });

  it("nothing while columns are unknown, and wait for them", () => {
    expect(candlestick.configured(firstCandles(null))).toBe(false);
    expect(firstHeatmap(null)).toEqual({ x: "", y: "", value: "" });
    expect(firstGrid(null)).toEqual({ rows: [], columns: [], values: [] });
    expect(firstTreemap(null)).toEqual({ path: [], value: "" });
  });
});

describe("pivot", () => {
  it("needs keys, a column and values", () => {
    const data = { rows: ["day"], column: "symbol", column_values: ["AAPL"], function: "sum", value: "last" };
    expect(pivot.configured(data)).toBe(true);
    expect(pivot.configured({ ...data, column_values: [] })).toBe(false);
    expect(pivot.summary(data)).toBe("sum(last) by symbol, 1 column");
  });

  it("reads its values leniently", () => {
    expect(listedValues({ column_values: ["a", 1, true, null, {}] })).toEqual(["a", 1, true]);
    expect(listedValues({ column_values: "a" })).toEqual([]);
  });
});
