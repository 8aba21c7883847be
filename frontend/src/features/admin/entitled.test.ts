import { describe, expect, it } from "vitest";

import { beyond, narrows, readNames } from "./entitled";

it("reads names between lines and commas, each once", () => {
  expect(readNames(" AAPL, MSFT\nAAPL\t SPY ,")).toEqual(["AAPL", "MSFT", "SPY"]);
  expect(readNames(" \n")).toEqual([]);
});

describe("what is wanted", () => {
  it("may not go beyond what is granted", () => {
    expect(beyond(["A", "X"], ["A", "B"])).toEqual(["X"]);
    expect(beyond(["A"], "*")).toEqual([]);
    expect(beyond("*", ["A"])).toEqual([]);
  });

  it.each([
    ["*", ["A"], true],
    [["A", "B"], ["A"], true],
    [["A"], [], true],
    [["A"], ["A", "B"], false],
    [["A"], "*", false],
    [[], ["A"], false],
  ] as const)("%j, then %j: narrower is %s", (before, next, expected) => expect(narrows(before, next)).toBe(expected));
});
