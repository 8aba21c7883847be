import { describe, expect, it } from "vitest";

import { PALETTE as palette } from "./testing/palette";
import { buildTree, MAX_TILES } from "./tree";
import { treeOption } from "./treeOption";

const columns = [
  { name: "sector", type: "string" },
  { name: "symbol", type: "string" },
  { name: "notional", type: "decimal(38,6)" },
];
const rows = [
  ["Tech", "AAPL", "10.5"],
  ["Tech", "MSFT", "20"],
  ["Energy", "XOM", "5"],
  ["Energy", "XOM", "1"],
  [null, "?", "2"],
  ["Tech", "INTC", "-1"],
  ["Tech", "AMD", null],
];
const encoding = { path: ["sector", "symbol"], value: "notional" };

describe("buildTree", () => {
  it("nests by the path, adds up rows of one path, largest first", () => {
    expect(buildTree(columns, rows, encoding)).toEqual({
      tiles: [
        {
          name: "Tech",
          value: 30.5,
          text: undefined,
          children: [
            { name: "MSFT", value: 20, text: "20", children: [] },
            { name: "AAPL", value: 10.5, text: "10.5", children: [] },
          ],
        },
        { name: "Energy", value: 6, text: undefined, children: [{ name: "XOM", value: 6, text: undefined, children: [] }] },
        { name: "null", value: 2, text: undefined, children: [{ name: "?", value: 2, text: "2", children: [] }] },
      ],
      shown: 4,
      total: 4,
      without: 2,
    });
  });

  it("draws a bounded number of areas and tells how many there are", () => {
    const many = Array.from({ length: MAX_TILES + 5 }, (_, index) => ["s", `S${index}`, String(index + 1)]);
    const { tiles, shown, total } = buildTree(columns, many, encoding);
    expect([tiles[0]?.children.length, shown, total]).toEqual([MAX_TILES, MAX_TILES, MAX_TILES + 5]);
    expect(tiles[0]?.children[0]?.name).toBe(`S${MAX_TILES + 4}`);
  });

  it("is empty for columns that are not there", () => {
    expect(buildTree(columns, rows, { path: ["gone"], value: "notional" }).tiles).toEqual([]);
    expect(buildTree(columns, rows, { path: [], value: "notional" }).tiles).toEqual([]);
  });
});

describe("treeOption", () => {
  const build = (path: readonly string[]) => {
    const each = { path, value: "notional" };
    return treeOption({ encoding: each, set: buildTree(columns, rows, each), palette, animate: false, description: "" }) as Record<string, unknown>;
  };

  it("opens levels by a click where there are several", () => {
    expect(build(["sector", "symbol"])["series"]).toMatchObject([{ nodeClick: "zoomToNode", breadcrumb: { show: true } }]);
    expect(build(["symbol"])["series"]).toMatchObject([{ nodeClick: false, breadcrumb: { show: false } }]);
  });

  it("says path, exact value and share, as text", () => {
    const { formatter, renderMode } = build(["sector", "symbol"])["tooltip"] as { formatter: (point: unknown) => string; renderMode: string };
    const treePathInfo = [{ name: "" }, { name: "Tech" }, { name: "<i>" }];
    expect(renderMode).toBe("richText");
    expect(formatter({ value: 10.5, data: { text: "10.50" }, treePathInfo })).toBe("Tech › <i>\nnotional  10.50\n27.3 %");
    expect(formatter({ value: 30.5, treePathInfo: treePathInfo.slice(0, 2) })).toBe("Tech\nnotional  30.5\n79.2 %");
  });
});
