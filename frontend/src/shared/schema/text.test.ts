import { expect, it } from "vitest";

import { codePoints, toCodePoints, toUtf16 } from "./text";

const text = "a😀b";

it("counts as Python does", () => {
  expect(codePoints(text)).toBe(3);
});

it("converts offsets both ways", () => {
  expect([0, 1, 3, 4].map((offset) => toCodePoints(text, offset))).toEqual([0, 1, 2, 3]);
  expect([0, 1, 2, 3].map((offset) => toUtf16(text, offset))).toEqual([0, 1, 3, 4]);
});
