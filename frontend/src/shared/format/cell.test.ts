import { describe, expect, it } from "vitest";

import { cellFormatter, formatDatetime, longestFraction, missingZeros } from "./cell";

describe("decimals", () => {
  it("keep every digit", () => {
    const text = "9007199254740993.000000000000000001";
    expect(cellFormatter("decimal(76,18)", [text])(text)).toEqual({ text, pad: "" });
  });

  it("are drawn with their points under each other", () => {
    const cells = ["185", "185.03", "-0.5", null];
    const format = cellFormatter("decimal(18,6)", cells);
    expect(cells.map((cell) => format(cell)?.pad)).toEqual([".00", "", "0", undefined]);
  });

  it("need no point where none has a fraction", () => {
    expect(cellFormatter("decimal(18,4)", ["10", "50"])("10")).toEqual({ text: "10", pad: "" });
    expect(longestFraction([])).toBe(0);
    expect(missingZeros("1.234", 2)).toBe("");
  });
});

describe("other cells", () => {
  it.each([
    ["int64", "9007199254740993", "9007199254740993"],
    ["float64", 0.1, "0.1"],
    ["boolean", false, "false"],
    ["string", "<b>", "<b>"],
    ["date", "2026-03-02", "2026-03-02"],
  ])("%s", (type, cell, text) => {
    expect(cellFormatter(type, [cell])(cell)).toEqual({ text, pad: "" });
  });

  it("leave null to the view", () => expect(cellFormatter("string", [null])(null)).toBeNull());
});

describe("formatDatetime", () => {
  it.each([
    ["2026-03-02T14:30:00Z", "2026-03-02 14:30:00"],
    ["2026-03-02T14:30:00.250000Z", "2026-03-02 14:30:00.25"],
    ["2026-03-02T14:30:00.000+00:00", "2026-03-02 14:30:00"],
    ["2026-03-02T14:30:10Z", "2026-03-02 14:30:10"],
  ])("%s", (text, expected) => expect(formatDatetime(text)).toBe(expected));
});
