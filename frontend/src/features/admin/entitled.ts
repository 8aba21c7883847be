import type { Entitled } from "@/shared/api/admin";

/** Names as people write them: one per line, or between commas; each once, in order. */
export function readNames(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,]+/).filter((name) => name !== ""))];
}

/** The names that are wanted and not granted. */
export function beyond(wanted: Entitled, granted: Entitled): readonly string[] {
  return wanted === "*" || granted === "*" ? [] : wanted.filter((name) => !granted.includes(name));
}

/** Whether `next` takes away something that `before` allowed. */
export function narrows(before: Entitled, next: Entitled): boolean {
  if (next === "*") return false;
  return before === "*" || before.some((name) => !next.includes(name));
}
