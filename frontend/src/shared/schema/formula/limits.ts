/** Bounds on a formula, checked before it is parsed; as `shared/flowforge/formula/limits.py`. */

import type { SyntaxNodeRef, Tree } from "@lezer/common";

import { GraphError } from "../errors";
import { codePoints, toCodePoints } from "../text";

/** Characters. */
export const MAX_LENGTH = 10_000;

/** Nesting: of parentheses and CASE in the text, of signs and NOT in a row, and of operations in the tree. */
export const MAX_DEPTH = 200;

/** Digits of a numeric literal. */
export const MAX_DIGITS = 38;

/** What opens or closes a level; quoted text and columns are stepped over, one that is never closed is matched last. */
const LEVELS = /\[(?:[^\]]|\]\])*\]|'(?:[^']|'')*'|"(?:[^"]|"")*"|[\p{L}\p{N}_]+|[()-]|[['"]/gu;

const UNCLOSED: ReadonlySet<string> = new Set(["[", "'", '"']);

/** What Python takes for space; `trim` takes other characters. */
const BLANK = new RegExp(String.raw`^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*$`);

const STEP: ReadonlyMap<string, number> = new Map([
  ["(", 1],
  ["CASE", 1],
  [")", -1],
  ["END", -1],
]);

/** Refuse a text that is empty, too long or nested too deep. */
export function checkSize(text: string): void {
  const length = codePoints(text);
  if (length > MAX_LENGTH) {
    throw new GraphError(
      "formula_too_long",
      `The formula has ${length} characters; at most ${MAX_LENGTH} are taken.`,
      { field: "expression", hint: "Split it into several formula nodes." },
    );
  }
  if (BLANK.test(text)) {
    throw new GraphError("formula_syntax", "The formula is empty.", {
      field: "expression",
      hint: "Write e.g. [price] * 2.",
    });
  }
  let depth = 0;
  let row = 0;
  for (const match of text.matchAll(LEVELS)) {
    const word = match[0].toUpperCase();
    if (UNCLOSED.has(word)) return; // what follows is not read
    depth += STEP.get(word) ?? 0;
    row = word === "-" || word === "NOT" ? row + 1 : 0;
    if (Math.max(depth, row) > MAX_DEPTH) {
      throw new GraphError("formula_too_deep", `The formula nests more than ${MAX_DEPTH} levels deep.`, {
        field: "expression",
        position: toCodePoints(text, match.index),
        hint: "Split it into several formula nodes.",
      });
    }
  }
}

/** Refuse a tree whose operations nest too deep; parentheses do not count here. */
export function checkHeight(tree: Tree): void {
  let height = 0;
  tree.iterate({
    enter(node) {
      height += levels(node);
      if (height <= MAX_DEPTH) return;
      throw new GraphError("formula_too_deep", `The formula chains more than ${MAX_DEPTH} operations into each other.`, {
        field: "expression",
        hint: "Split it into several formula nodes.",
      });
    },
    leave(node) {
      height -= levels(node);
    },
  });
}

function levels({ type, node }: SyntaxNodeRef): number {
  if (!type.is("Expression") || type.name === "Parenthesized") return 0;
  const negated = (type.name === "Membership" || type.name === "Between") && node.getChild("Not") !== null;
  return negated ? 2 : 1;
}
