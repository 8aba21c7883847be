import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { render } from "../../../../scripts/grammar.mjs";
import { parseFormula } from "./parse";
import type { Expression } from "./syntax";

it.each([...render()])("%s is what the grammar says; if not: npm run grammar", (path, text) => {
  expect(readFileSync(path, "utf8")).toBe(text);
});

/** `1 + 2 * 3` as `(+ 1 (* 2 3))`. */
function show(expression: Expression): string {
  switch (expression.kind) {
    case "call":
      return `(${[expression.name, ...expression.args.map(show)].join(" ")})`;
    case "column":
      return `[${expression.name}]`;
    case "number":
      return expression.text;
    case "text":
      return `'${expression.value}'`;
    case "boolean":
      return String(expression.value);
    case "null":
      return "null";
  }
}

describe("precedence", () => {
  it.each([
    ["1 + 2 * 3", "(+ 1 (* 2 3))"],
    ["1 - 2 - 3", "(- (- 1 2) 3)"],
    ["-2 ^ 2", "(POWER (negate 2) 2)"],
    ["2 ^ 3 ^ 2", "(POWER (POWER 2 3) 2)"],
    ["2 ^ -1", "(POWER 2 (negate 1))"],
    ["1 -- 2", "(- 1 (negate 2))"],
    ["[a] = 1 AND NOT [b] = 2 OR TRUE", "(OR (AND (= [a] 1) (NOT (= [b] 2))) true)"],
    ["1 + NOT [a] = 2", "(+ 1 (NOT (= [a] 2)))"],
    ["1 < 2 = 3 < 4", "(= (< 1 2) (< 3 4))"],
    ["1 < [a] BETWEEN 2 AND 3 AND TRUE", "(AND (< 1 (BETWEEN [a] 2 3)) true)"],
    ["1 + [a] IN (1, 2) = TRUE", "(= (IN (+ 1 [a]) 1 2) true)"],
    ["[a] = 1 IS NULL", "(IS NULL (= [a] 1))"],
    ["[a] IS NOT NULL = TRUE", "(= (NOT (IS NULL [a])) true)"],
    ["[a] IS NULL < TRUE", "(< (IS NULL [a]) true)"],
    ["NOT [a] NOT IN (1)", "(NOT (NOT (IN [a] 1)))"],
    ["case [a] when 1 then 2 else 3 end", "(CASE (= [a] 1) 2 3)"],
    ["CASE WHEN TRUE THEN 1 END", "(CASE true 1 null)"],
    ["[a != b] <> 'it''s'", "(<> [a != b] 'it's')"],
    ['"say ""so""" == [x]]y]', "(= 'say \"so\"' [x]y])"],
  ])("%s", (text, tree) => {
    expect(show(parseFormula(text))).toBe(tree);
  });
});
