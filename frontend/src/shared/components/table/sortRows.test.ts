import { describe, expect, it } from "vitest";

import { compareNumbers, sortedPlaces } from "./sortRows";

describe("numbers", () => {
  it.each([
    ["9", "10", -1],
    ["-9", "-10", 1],
    ["0.10", "0.1", 0],
    ["9007199254740993", "9007199254740992", 1],
    ["0.1", "0.09999999999999999999", 1],
    ["-0.5", "0.25", -1],
    ["1e3", "999", 1],
  ])("%s against %s is %i", (a, b, expected) => expect(compareNumbers(a, b)).toBe(expected));
});

it("leaves empty cells last and equal ones as they came, both ways", () => {
  const rows = [["b"], [null], ["a"], ["b"]];
  expect(sortedPlaces(rows, 0, "string", false)).toEqual([2, 0, 3, 1]);
  expect(sortedPlaces(rows, 0, "string", true)).toEqual([0, 3, 2, 1]);
});
