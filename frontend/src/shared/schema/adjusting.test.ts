import { describe, expect, it } from "vitest";

import { ADJUSTMENT_FACTORS } from "./adjusting";
import { readCatalogue, type WireTable } from "./catalogue";
import { propagate } from "./propagate";
import { formatSchema } from "./types";

const bars: WireTable = {
  database: "reference",
  table: "daily_bars",
  columns: [
    { name: "close", type: "decimal(18,6)" },
    { name: "volume", type: "decimal(38,4)" },
    { name: "notional", type: "decimal(38,10)" },
    { name: "trades", type: "int64" },
  ],
  adjustable: { prices: ["close"], quantities: ["volume"], amounts: ["notional"] },
};
const factors: WireTable = { database: "reference", table: "adjustment_factors", columns: [{ name: "symbol", type: "string" }] };

function outcome(adjust: unknown, tables: readonly WireTable[], table = "daily_bars") {
  const data = { database: "reference", table, adjust };
  const { nodes } = propagate({ nodes: [{ id: "source", type: "data_source", data }], edges: [] }, readCatalogue(tables));
  const { schema = null, problems = [] } = nodes.get("source") ?? {};
  return { types: formatSchema(schema ?? []).map(({ type, nullable }) => `${type}${nullable ? "?" : ""}`), problems };
}

describe("a source's adjust", () => {
  it.each([
    ["none", ["decimal(18,6)", "decimal(38,4)", "decimal(38,10)", "int64"]],
    ["splits", ["decimal(38,12)", "decimal(38,12)?", "decimal(38,10)", "int64"]],
    ["total_return", ["decimal(38,12)", "decimal(38,12)?", "decimal(38,12)?", "int64"]],
  ])("of %s gives products and quotients their types", (adjust, types) => {
    expect(outcome(adjust, [bars, factors])).toEqual({ types, problems: [] });
  });

  it("is refused where a table declares no prices", () => {
    expect(outcome("splits", [bars, factors], "adjustment_factors").problems).toMatchObject([
      { code: "invalid_config", node_id: "source", field: "adjust", detail: `${ADJUSTMENT_FACTORS} has no prices that could be adjusted.` },
    ]);
  });

  it("is refused where the factors are not to be read", () => {
    expect(outcome("splits", [bars]).problems).toMatchObject([
      { code: "invalid_config", field: "adjust", detail: `Adjusting needs the table ${ADJUSTMENT_FACTORS}, which is not here.` },
    ]);
  });

  it("is refused where it is none of the three", () => {
    expect(outcome("dividends", [bars, factors]).problems).toMatchObject([{ code: "invalid_config", field: "adjust" }]);
  });
});
