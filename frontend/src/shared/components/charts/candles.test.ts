import { describe, expect, it } from "vitest";

import { axisDigits, candleOption } from "./candleOption";
import { buildBars } from "./candles";
import { PALETTE as palette } from "./testing/palette";

const columns = [
  { name: "at", type: "datetime" },
  { name: "o", type: "decimal(18,6)" },
  { name: "h", type: "decimal(18,6)" },
  { name: "l", type: "decimal(18,6)" },
  { name: "c", type: "decimal(18,6)" },
  { name: "v", type: "int64" },
];
const rows = [
  ["2026-03-03T14:30:00Z", "11", "12.25", "10.5", "12", "9007199254740993"],
  ["2026-03-02T14:30:00Z", "10", "11", "9.75", "10.125", "5"],
  ["2026-03-04T14:30:00Z", "12", null, "11", "11", "1"],
  [null, "12", "12", "11", "11", "1"],
];
const encoding = { time: "at", open: "o", high: "h", low: "l", close: "c", volume: "v" };

describe("buildBars", () => {
  it("puts bars in the order of time and leaves out what is none", () => {
    const { bars, ...rest } = buildBars(columns, rows, encoding);
    expect(bars.map(({ time }) => new Date(time).toISOString().slice(0, 10))).toEqual(["2026-03-02", "2026-03-03"]);
    expect(bars[0]?.prices).toEqual([10, 11, 9.75, 10.125]);
    expect(rest).toEqual({ digits: 3, timeOfDay: true, hasVolume: true, shared: 0 });
  });

  it("keeps every digit for the tooltip", () => {
    expect(buildBars(columns, rows, encoding).bars[1]?.cells.at(-1)).toBe("9007199254740993");
  });

  it("counts bars that share a time", () => {
    const double = [...rows, ["2026-03-02T14:30:00Z", "1", "1", "1", "1", "1"]];
    expect(buildBars(columns, double, encoding).shared).toBe(2);
  });

  it("is empty for columns that are not there", () => {
    expect(buildBars(columns, rows, { ...encoding, close: "gone" }).bars).toEqual([]);
    expect(buildBars(columns, rows, { ...encoding, time: "" }).bars).toEqual([]);
  });

  it("needs no volume", () => {
    const { time, open, high, low, close } = encoding;
    expect(buildBars(columns, rows, { time, open, high, low, close })).toMatchObject({ hasVolume: false, bars: [{ volume: null }, {}] });
  });
});

describe("candleOption", () => {
  const build = (gapsHidden: boolean, from: typeof rows = rows) =>
    candleOption({
      set: buildBars(columns, from, encoding),
      names: ["at", "o", "h", "l", "c", "v"],
      gapsHidden,
      palette,
      description: "bars",
    }) as Record<string, unknown>;

  it("gives ECharts open, close, low, high", () => {
    expect(build(true)["series"]).toMatchObject([
      { type: "candlestick", large: true, data: [[0, 10, 10.125, 9.75, 11], [1, 11, 12, 10.5, 12.25]] },
      { type: "bar", xAxisIndex: 1, data: [[0, 5], [1, 9007199254740992]] },
    ]);
  });

  it("gives closed hours no room, or their own", () => {
    expect(build(true)["xAxis"]).toMatchObject([{ type: "category" }, { type: "category" }]);
    expect(build(false)["xAxis"]).toMatchObject([{ type: "time" }, { type: "time" }]);
    expect(build(false)["series"]).toMatchObject([{ data: [[Date.UTC(2026, 2, 2, 14, 30), 10, 10.125, 9.75, 11], {}] }, {}]);
  });

  it("lays out only the bars in view, the newest first", () => {
    expect(build(true)["dataZoom"]).toMatchObject([{ filterMode: "filter", start: 0, end: 100, xAxisIndex: [0, 1] }]);
    const many = Array.from({ length: 1_000 }, (_, index) => [new Date(index * 60_000).toISOString(), "1", "1", "1", "1", "1"]);
    expect(build(true, many)["dataZoom"]).toMatchObject([{ start: 80, end: 100 }]);
  });

  it("says the bar's own cells, as text", () => {
    const { formatter, renderMode } = build(true)["tooltip"] as { formatter: (points: unknown) => string; renderMode: string };
    expect(renderMode).toBe("richText");
    expect(formatter([{ dataIndex: 1 }])).toBe("2026-03-03 14:30\no  11\nh  12.25\nl  10.5\nc  12\nv  9007199254740993");
    expect(formatter([])).toBe("");
  });

  it("writes prices with the digits that they have, as far as they say something", () => {
    const digits = (prices: string) => axisDigits(buildBars(columns, [["2026-03-02T00:00:00Z", prices, prices, prices, prices, "1"]], encoding));
    expect([digits("187.25"), digits("187"), digits("0.00001234"), digits("67123.12345678")]).toEqual([2, 0, 7, 3]);
    const [price] = build(true)["yAxis"] as { axisLabel: { formatter: (value: number) => string } }[];
    expect(price?.axisLabel.formatter(10.5)).toBe("10.500");
  });
});
