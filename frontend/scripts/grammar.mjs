/**
 * Writes the formula parser from its grammar: `npm run grammar`. The result is checked in; a test
 * builds it again and compares.
 */

import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath, URL } from "node:url";

import { buildParserFile } from "@lezer/generator";

const NOTICE = "// Generated: do not edit. Written by `npm run grammar`.\n";
const schema = new URL("../src/shared/schema/", import.meta.url);
const grammar = new URL("formula/formula.grammar", schema);

/** The generated files' texts by path. An ambiguous grammar or an unused rule is an error. */
export function render() {
  const { parser, terms } = buildParserFile(readFileSync(grammar, "utf8"), {
    fileName: "formula.grammar",
    typeScript: true,
    warn: (message) => {
      throw new Error(message);
    },
  });
  return new Map([
    [fileURLToPath(new URL("generated/formula_parser.ts", schema)), NOTICE + parser],
    [fileURLToPath(new URL("generated/formula_terms.ts", schema)), NOTICE + terms],
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of render()) writeFileSync(path, text);
}
