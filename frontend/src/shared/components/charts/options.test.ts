import { describe, expect, it } from "vitest";

import type { ChartKind } from "./kinds";
import { chartOption } from "./options";
import { PALETTE as palette } from "./testing/palette";
import { buildSeries, MAX_SERIES, toNumber } from "./series";

const columns = [
  { name: "day", type: "date" },
  { name: "close", type: "decimal(18,6)" },
  { name: "symbol", type: "string" },
];
const rows = [
  ["2026-03-02", "187.5", "AAPL"],
  ["2026-03-02", "410.25", "MSFT"],
  ["2026-03-03", null, "AAPL"],
];
const encoding = { x: "day", y: ["close"], series: "symbol" };

describe("buildSeries", () => {
  it("splits by the series column and keeps gaps", () => {
    const { series, temporal } = buildSeries(columns, rows, encoding);
    expect(temporal).toBe(true);
    expect(series).toEqual([
      { name: "AAPL", points: [[Date.UTC(2026, 2, 2), 187.5], [Date.UTC(2026, 2, 3), null]] },
      { name: "MSFT", points: [[Date.UTC(2026, 2, 2), 410.25]] },
    ]);
  });

  it("keeps categories in order of appearance", () => {
    const set = buildSeries(columns, rows, { x: "symbol", y: ["close"] });
    expect(set.categories).toEqual(["AAPL", "MSFT"]);
    expect(set.series.map(({ name }) => name)).toEqual(["close"]);
  });

  it("names measures where there are several", () => {
    const two = [...columns, { name: "open", type: "float64" }];
    const set = buildSeries(two, [["2026-03-02", "1", "AAPL", 2]], { ...encoding, y: ["close", "open"] });
    expect(set.series.map(({ name }) => name)).toEqual(["AAPL · close", "AAPL · open"]);
  });

  it("draws a bounded number of series and tells how many there are", () => {
    const many = Array.from({ length: 60 }, (_, index) => ["2026-03-02", "1", `S${index}`]);
    const set = buildSeries(columns, many, encoding);
    expect(set.series).toHaveLength(MAX_SERIES);
    expect(set.total).toBe(60);
  });

  it("measures numbers along x where asked to, and leaves out points without one", () => {
    const swapped = { x: "close", y: ["close"] };
    const set = buildSeries(columns, rows, swapped, true);
    expect(set).toMatchObject({ quantitative: true, categories: [] });
    expect(set.series).toEqual([{ name: "close", points: [[187.5, 187.5], [410.25, 410.25]] }]);
    expect(buildSeries(columns, rows, swapped)).toMatchObject({ quantitative: false, categories: ["187.5", "410.25", "null"] });
  });

  it("is empty for columns that are not there", () => {
    expect(buildSeries(columns, rows, { x: "gone", y: ["close"] }).series).toEqual([]);
    expect(buildSeries(columns, rows, { x: "day", y: ["gone"] }).series).toEqual([]);
  });
});

describe("toNumber", () => {
  it.each([
    ["187.5", 187.5],
    [3, 3],
    [null, null],
    ["", null],
    [true, null],
    ["n/a", null],
  ])("%j is %j", (cell, expected) => expect(toNumber(cell)).toBe(expected));
});

describe("chartOption", () => {
  const build = (kind: ChartKind, from = rows) =>
    chartOption({
      kind,
      encoding,
      set: buildSeries(columns, from, encoding),
      palette,
      animate: false,
      description: "a chart",
    }) as Record<string, Record<string, unknown>>;

  it("never lets data become HTML", () => {
    expect(build("line_chart")["tooltip"]?.["renderMode"]).toBe("richText");
    const hostile = [["2026-03-02", "1", "<img src=x onerror=alert(1)>"]];
    expect(build("bar_chart", hostile)["series"]).toMatchObject([{ name: "<img src=x onerror=alert(1)>", type: "bar" }]);
  });

  it("draws times in UTC", () => {
    expect(build("line_chart")).toMatchObject({ useUTC: true, xAxis: { type: "time" } });
  });

  it("draws points with both values", () => {
    const encoded = { x: "close", y: ["close"] };
    const set = buildSeries(columns, rows, encoded, true);
    const option = chartOption({ kind: "scatter", encoding: encoded, set, palette, animate: false, description: "" });
    expect(option).toMatchObject({
      xAxis: { type: "value", name: "close" },
      tooltip: { trigger: "item", renderMode: "richText" },
      series: [{ type: "scatter" }],
    });
    const { formatter } = option["tooltip"] as { formatter: (point: unknown) => string };
    expect(formatter({ seriesName: "a", value: [187.5, null] })).toBe("a\nclose: 187.5\n–");
  });

  it("shows a legend for several series only", () => {
    expect(build("line_chart")["legend"]?.["show"]).toBe(true);
    expect(build("line_chart", rows.slice(0, 1))["legend"]?.["show"]).toBe(false);
  });
});
