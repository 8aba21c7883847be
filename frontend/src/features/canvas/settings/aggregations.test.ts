import { describe, expect, it } from "vitest";

import { parseSchema } from "@/shared/schema/types";

import { AGGREGATES, defaultName, firstMeasure, withFunction, withMember } from "./aggregations";

const schema = parseSchema([
  { name: "symbol", type: "string" },
  { name: "price", type: "decimal(18,6)" },
  { name: "quantity", type: "decimal(18,4)" },
]);

describe("aggregations", () => {
  it("come from the generated table", () => {
    expect(AGGREGATES.map(({ name }) => name)).toEqual(expect.arrayContaining(["sum", "count", "vwap", "last"]));
  });

  it("begin with the sum of the last number, or a count", () => {
    expect(firstMeasure(schema, ["quantity"])).toEqual({ function: "sum", column: "price" });
    expect(firstMeasure(null, [])).toEqual({ function: "count" });
  });

  it("keep what the next function also takes", () => {
    const vwap = { function: "vwap", column: "price", weight: "quantity", alias: "v" } as const;
    expect(withFunction(vwap, "max", schema)).toEqual({ function: "max", column: "price", alias: "v" });
    expect(withFunction(vwap, "count", schema)).toEqual({ function: "count", alias: "v" });
    expect(withFunction({ function: "max", column: "symbol" }, "sum", schema)).toEqual({
      function: "sum",
      column: "price",
    });
  });

  it("set and take out members", () => {
    expect(withMember({ function: "count" }, "alias", "n")).toEqual({ function: "count", alias: "n" });
    expect(withMember({ function: "count", alias: "n" }, "alias", "")).toEqual({ function: "count" });
  });

  it("name their output as the server does", () => {
    expect(defaultName({ function: "count" })).toBe("count");
    expect(defaultName({ function: "vwap", column: "price" })).toBe("vwap_price");
  });
});
