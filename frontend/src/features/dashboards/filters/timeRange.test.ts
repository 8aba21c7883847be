import { describe, expect, it } from "vitest";

import { isInverted, readTimeRange, timeFilters, type TimeRange, writeTimeRange } from "./timeRange";

const NOW = Date.parse("2026-03-05T14:30:45.678Z");

const conditions = (range: TimeRange["range"], days: boolean) =>
  timeFilters(range, "at", days, NOW).map(({ operator, value }) => `${operator} ${String(value)}`);

describe("a range of time in the address", () => {
  it.each(["1h", "2026-03-02..", "at~1h", "a~b~ytd", "at~2026-03-02..2026-03-06", "at~..2026-03-02T14:30", "at~2026-03-02.."])("%s", (text) => {
    const range = readTimeRange(text);
    expect(range).not.toBeNull();
    expect(range && writeTimeRange(range)).toBe(text);
  });

  it.each([null, "", "2h", "~1h", "at~", "at~..", "at~yesterday", "at~2026-13-01..", "at~a..b", "at~1..2..3", "at~2026-03-02"])(
    "takes %j for none",
    (text) => expect(readTimeRange(text)).toBeNull(),
  );
});

describe("a range of time for the API", () => {
  it.each([
    ["1h", false, [">= 2026-03-05T13:30:00Z"]],
    ["7d", true, [">= 2026-02-26"]],
    ["today", false, [">= 2026-03-05T00:00:00Z"]],
    ["ytd", true, [">= 2026-01-01"]],
  ] as const)("%s ago, in whole minutes", (range, days, expected) => expect(conditions(range, days)).toEqual(expected));

  it("holds the last day as a whole, but not the last moment", () => {
    expect(conditions({ from: "2026-02-27", to: "2026-02-28" }, false)).toEqual([
      ">= 2026-02-27T00:00:00Z",
      "< 2026-03-01T00:00:00Z",
    ]);
    expect(conditions({ from: "2026-02-27", to: "2026-02-28" }, true)).toEqual([">= 2026-02-27", "<= 2026-02-28"]);
    expect(conditions({ from: "", to: "2026-02-28T14:30" }, false)).toEqual(["< 2026-02-28T14:30:00Z"]);
  });

  it("may not end before it begins", () => {
    expect(isInverted({ from: "2026-03-02", to: "2026-03-01" })).toBe(true);
    expect(isInverted({ from: "2026-03-02", to: "2026-03-02" })).toBe(false);
    expect(isInverted({ from: "2026-03-02", to: "" })).toBe(false);
  });
});
