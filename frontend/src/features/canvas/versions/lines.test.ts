import { expect, it } from "vitest";

import { pairLines } from "./lines";

const shown = (before: string, after: string) =>
  pairLines(before, after).map((pair) => `${pair.before ?? "-"}|${pair.after ?? "-"}${pair.same ? "" : " *"}`);

it.each([
  ["", "", []],
  ["a", "a", ["a|a"]],
  ["a", "b", ["a|b *"]],
  ["", "a\nb", ["-|a *", "-|b *"]],
  ["a\nb\nc", "a\nc", ["a|a", "b|- *", "c|c"]],
  ["a\nx\nc", "a\ny\nz\nc", ["a|a", "x|y *", "-|z *", "c|c"]],
])("%j beside %j", (before, after, expected) => expect(shown(before, after)).toEqual(expected));

it("keeps every line of both texts, in order", () => {
  const [before, after] = ["a\nb\na\nb\nc", "b\na\nc\nb\na"];
  const pairs = pairLines(before, after);
  expect(pairs.flatMap((pair) => pair.before ?? []).join("\n")).toBe(before);
  expect(pairs.flatMap((pair) => pair.after ?? []).join("\n")).toBe(after);
});

it("does not take forever over long texts", () => {
  const text = (mark: string) => Array.from({ length: 3_000 }, (_, index) => `${mark}${index}`).join("\n");
  expect(pairLines(text("a"), text("b"))).toHaveLength(3_000);
});
