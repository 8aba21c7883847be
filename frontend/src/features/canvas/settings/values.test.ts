import { describe, expect, it } from "vitest";

import { parseType } from "@/shared/schema/types";

import { operatorsFor, parseList, parseLiteral, reshape } from "./values";

describe("parseLiteral", () => {
  it.each([
    ["5", "int64", 5],
    ["9007199254740993", "int64", "9007199254740993"],
    ["five", "int64", "five"],
    ["187.50", "decimal(18,6)", "187.50"],
    ["187", "decimal(18,6)", 187],
    ["0.1", "float64", 0.1],
    ["1e5", "float64", 100_000],
    ["1.", "float64", 1],
    ["true", "boolean", true],
    ["yes", "boolean", "yes"],
    [" SPY ", "string", " SPY "],
    [" 2026-01-31 ", "date", "2026-01-31"],
    ["2026-01-31T14:30:00Z", "datetime", "2026-01-31T14:30:00Z"],
  ])("%j as %s is %j", (text, type, expected) => {
    expect(parseLiteral(text, parseType(type))).toBe(expected);
  });
});

describe("parseList", () => {
  it("splits at commas and leaves out what is empty", () => {
    expect(parseList("AAPL, MSFT,, SPY ", parseType("string"))).toEqual(["AAPL", "MSFT", "SPY"]);
    expect(parseList("1, 2", parseType("int64"))).toEqual([1, 2]);
  });
});

describe("operatorsFor", () => {
  it("offers patterns for texts only", () => {
    expect(operatorsFor(parseType("string"))).toContain("LIKE");
    expect(operatorsFor(parseType("int64"))).not.toContain("LIKE");
    expect(operatorsFor(parseType("boolean"))).toEqual(["=", "!=", "IS NULL", "IS NOT NULL"]);
  });
});

describe("reshape", () => {
  it.each([
    ["one to a list", 5, "IN", [5]],
    ["one to two", 5, "BETWEEN", [5, ""]],
    ["a list to one", ["a", "b"], "=", "a"],
    ["nothing to a list", undefined, "IN", undefined],
    ["anything to none", 5, "IS NULL", undefined],
  ] as const)("%s", (_title, value, operator, expected) => {
    expect(reshape(value, operator)).toEqual(expected);
  });
});
