import { expect, it } from "vitest";

import { readAxes, readCandles, readGrid, readHeat, readTree } from "./encodings";

it("reads encodings leniently", () => {
  expect(readAxes({ x: "day", y: ["close", 5], series: null })).toEqual({ x: "day", y: ["close"] });
  expect(readAxes({})).toEqual({ x: "", y: [] });
  expect(readCandles({ time: "t", open: 5, volume: null })).toEqual({ time: "t", open: "", high: "", low: "", close: "" });
  expect(readHeat({ x: "a", y: ["b"] })).toEqual({ x: "a", y: "", value: "" });
  expect(readTree({ path: "a", value: "v" })).toEqual({ path: [], value: "v" });
  expect(readGrid({ rows: ["a", null], values: ["v"] })).toEqual({ rows: ["a"], columns: [], values: ["v"] });
});
