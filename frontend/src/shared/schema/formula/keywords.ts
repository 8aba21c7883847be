/** Keywords of the formula language in any case: `and`, `And` and `AND` are the same. */

import type { Stack } from "@lezer/lr";

import * as terms from "../generated/formula_terms";

const KEYWORDS: ReadonlyMap<string, number> = new Map([
  ["AND", terms.And],
  ["OR", terms.Or],
  ["NOT", terms.Not],
  ["IS", terms.Is],
  ["IN", terms.In],
  ["BETWEEN", terms.BetweenKeyword],
  ["TRUE", terms.True],
  ["FALSE", terms.False],
  ["NULL", terms.Null],
  ["CASE", terms.CaseKeyword],
  ["WHEN", terms.WhenKeyword],
  ["THEN", terms.Then],
  ["ELSE", terms.ElseKeyword],
  ["END", terms.End],
]);

/** Whether a word means something by itself, in any case. */
export function isKeyword(word: string): boolean {
  return KEYWORDS.has(word.toUpperCase());
}

/** The grammar's external specializer: the keyword's term, or -1 for any other identifier. */
export const keyword: (identifier: string, stack: Stack) => number = (identifier) =>
  KEYWORDS.get(identifier.toUpperCase()) ?? -1;
