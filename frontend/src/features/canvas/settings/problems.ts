/** Problems at the fields that they name. */

import type { Problem } from "@/shared/schema/errors";

/** What is wrong with a field, in one text; undefined if nothing is. */
export function errorAt(problems: readonly Problem[], field: string): string | undefined {
  const found = problems.filter((problem) => problem.field === field);
  if (found.length === 0) return undefined;
  return found.map(({ detail, hint }) => (hint === undefined ? detail : `${detail} ${hint}`)).join(" ");
}

/** The problems whose field is none of those that a form shows. */
export function unplaced(problems: readonly Problem[], shown: RegExp | undefined): readonly Problem[] {
  return shown ? problems.filter(({ field }) => field === undefined || !shown.test(field)) : problems;
}
