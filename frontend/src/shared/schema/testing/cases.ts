/** The cases in `tests/cases` that Python and TypeScript both run. */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const CASES = new URL("../../../../../tests/cases/", import.meta.url);

/** The cases of one file, such as `graph/graph.json`. */
export function readCases<Case>(path: string): Case[] {
  return JSON.parse(readFileSync(new URL(path, CASES), "utf8")) as Case[];
}

/** Names of a folder's case files, without `.json`. */
export function caseFiles(folder: string): string[] {
  return readdirSync(fileURLToPath(new URL(`${folder}/`, CASES)))
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .sort();
}
