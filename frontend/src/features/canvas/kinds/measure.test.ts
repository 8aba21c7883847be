import { expect, it } from "vitest";

import { parseSchema } from "@/shared/schema/types";

import { lastMeasure, usualMeasure } from "./measure";

const schema = (...columns: string[]) =>
  parseSchema(columns.map((name) => ({ name, type: name === "symbol" ? "string" : "int64" })));

it("takes what was computed last, and no number of a row", () => {
  expect(lastMeasure(schema("price", "turnover", "sequence", "row_no"))?.name).toBe("turnover");
  expect(lastMeasure(schema("price", "turnover"), ["turnover"])?.name).toBe("price");
  expect(lastMeasure(schema("symbol", "row_no"))?.name).toBe("row_no");
  expect(lastMeasure(schema("symbol"))).toBeUndefined();
});

it("prefers a price", () => {
  expect(usualMeasure(schema("close", "volume"))?.name).toBe("close");
  expect(usualMeasure(schema("bid", "ask"))?.name).toBe("ask");
  expect(usualMeasure(null)).toBeUndefined();
});
