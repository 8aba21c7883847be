import { describe, expect, it } from "vitest";

import { buildHeat } from "./heat";
import { heatOption } from "./heatOption";
import { PALETTE as palette } from "./testing/palette";

const columns = [
  { name: "symbol", type: "string" },
  { name: "hour", type: "int64" },
  { name: "share", type: "decimal(38,12)" },
];
const rows = [
  ["S10", "10", "0.5"],
  ["S9", "9", "1.25"],
  [null, "9", "2"],
  ["S9", "10", null],
];
const encoding = { x: "hour", y: "symbol", value: "share" };

describe("buildHeat", () => {
  it("orders categories by what they are, null last", () => {
    expect(buildHeat(columns, rows, encoding)).toEqual({
      xs: ["9", "10"],
      ys: ["S9", "S10", "null"],
      cells: [
        { x: 1, y: 1, value: 0.5, text: "0.5" },
        { x: 0, y: 0, value: 1.25, text: "1.25" },
        { x: 0, y: 2, value: 2, text: "2" },
      ],
      least: 0.5,
      most: 2,
      shared: 0,
    });
  });

  it("draws the last of several rows for one cell, and counts such cells", () => {
    const { cells, shared } = buildHeat(columns, [...rows, ["S9", "9", "7"], ["S9", "9", "8"]], encoding);
    expect(shared).toBe(1);
    expect(cells.filter(({ x, y }) => x === 0 && y === 0)).toEqual([{ x: 0, y: 0, value: 8, text: "8" }]);
  });

  it("says no seconds where there are none", () => {
    const timed = [{ name: "at", type: "datetime" }, { name: "symbol", type: "string" }, { name: "n", type: "int64" }];
    const across = (...times: string[]) => buildHeat(timed, times.map((time) => [time, "A", "1"]), { x: "at", y: "symbol", value: "n" }).xs;
    expect(across("2026-03-02T14:30:00Z", "2026-03-02T09:00:00.000Z")).toEqual(["2026-03-02 09:00", "2026-03-02 14:30"]);
    expect(across("2026-03-02T14:30:00Z", "2026-03-02T14:30:01Z")).toEqual(["2026-03-02 14:30:00", "2026-03-02 14:30:01"]);
  });

  it("is empty for columns that are not there", () => {
    expect(buildHeat(columns, rows, { ...encoding, x: "gone" }).cells).toEqual([]);
    expect(buildHeat(columns, rows, { ...encoding, value: "gone" }).cells).toEqual([]);
  });
});

describe("heatOption", () => {
  const build = (from: typeof rows) =>
    heatOption({ encoding, set: buildHeat(columns, from, encoding), palette, animate: false, description: "" }) as Record<string, unknown>;

  it("colours from little to much, and around zero where values have both signs", () => {
    expect(build(rows)["visualMap"]).toMatchObject({ min: 0.5, max: 2, inRange: { color: ["#eef", "#00f"] } });
    const signs = [["a", "1", "-1"], ["a", "2", "4"]];
    expect(build(signs)["visualMap"]).toMatchObject({ min: -4, max: 4, inRange: { color: ["#f80", "#eef", "#00f"] } });
    expect(build([["a", "1", "3"]])["visualMap"]).toMatchObject({ min: 3, max: 4 });
  });

  it("says the cell's own value, as text", () => {
    const { formatter } = build([["<b>", "9", "0.10"]])["tooltip"] as { formatter: (point: unknown) => string };
    expect(formatter({ dataIndex: 0 })).toBe("hour  9\nsymbol  <b>\nshare  0.10");
  });
});
