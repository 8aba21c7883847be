/**
 * Where a text stops being a formula: the first token that no formula has after those before it. Twin
 * of `shared/flowforge/formula/misfit.py`.
 */

import type { Tree } from "@lezer/common";

import { parser } from "../generated/formula_parser";
import { isKeyword } from "./keywords";
import { formulaError } from "./operand";

const SPACE = /^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*/;
/** Letters above ASCII: everything but spaces, as in the grammar. */
const HIGH =
  String.raw`\u{a1}-\u{167f}\u{1681}-\u{1fff}\u{200b}-\u{2027}\u{202a}-\u{202e}\u{2030}-\u{205e}\u{2060}-\u{2fff}` +
  String.raw`\u{3001}-\u{10ffff}`;

/** The tokens that have letters in them, as the grammar cuts them. */
const TOKENS = new RegExp(
  [
    String.raw`\[(?:[^\]]|\]\])*\]|'(?:[^']|'')*'|"(?:[^"]|"")*"`,
    String.raw`\d+(?:\.\d*)?(?:[eE](?:[+\-]\d)?\d*(?:\.\d*)?)?`,
    `(?<word>[A-Za-z_${HIGH}][\\w${HIGH}]*)`,
  ].join("|"),
  "gu",
);

/** An LR parser never takes a token that cannot follow; without recovery it stops right there. */
const strict = parser.configure({ strict: true });

/** The tree of a formula; a `GraphError` at the first token that does not fit. */
export function parseTree(text: string): Tree {
  const read = attempt(text);
  const end = typeof read === "number" ? read : text.length;
  const word = strayWord(text, end);
  if (word) {
    const detail = `'${word.text}' is not part of the formula language here.`;
    const hint = `Columns are written in brackets: [${word.text}]. Functions need parentheses.`;
    throw formulaError("formula_syntax", detail, text, word.at, { hint });
  }
  if (typeof read !== "number") return read;
  const rest = text.slice(end).trim();
  if (rest === "") throw formulaError("formula_syntax", "The formula ends too early.", text, text.length);
  throw formulaError("formula_syntax", `The formula cannot be read at '${rest.slice(0, 20)}'.`, text, end);
}

/** The tree, or where the parser stopped, in UTF-16 units. */
function attempt(text: string): Tree | number {
  try {
    return strict.parse(text);
  } catch (error) {
    const at = error instanceof SyntaxError ? /^No parse at (\d+)$/.exec(error.message)?.[1] : undefined;
    if (at === undefined) throw error;
    // The parser counts the space before the token that it stops at as part of it.
    return Number(at) + spaceAt(text, Number(at));
  }
}

/** The first word before `end` that is neither a keyword nor a function's name. */
function strayWord(text: string, end: number): { readonly text: string; readonly at: number } | null {
  for (const { index, groups } of text.matchAll(TOKENS)) {
    if (index >= end) return null;
    const word = groups?.["word"];
    if (word === undefined || isKeyword(word)) continue;
    const behind = index + word.length;
    if (text[behind + spaceAt(text, behind)] !== "(") return { text: word, at: index };
  }
  return null;
}

function spaceAt(text: string, at: number): number {
  return SPACE.exec(text.slice(at))?.[0].length ?? 0;
}
