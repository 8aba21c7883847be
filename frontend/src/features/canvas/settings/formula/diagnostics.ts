import type { Diagnostic } from "@codemirror/lint";

import type { Problem } from "@/shared/schema/errors";
import { toUtf16 } from "@/shared/schema/text";

const TOKEN = /^(\[[^\]]*\]?|\w+|\S)/;

/** Problems of a formula as marks under the token they name; those without a position mark it all. */
export function formulaDiagnostics(text: string, problems: readonly Problem[]): Diagnostic[] {
  return problems.map(({ position, detail, hint }) => {
    const message = hint === undefined ? detail : `${detail} ${hint}`;
    if (position === undefined) return { from: 0, to: text.length, severity: "error", message };
    const from = Math.min(toUtf16(text, position), text.length);
    const token = TOKEN.exec(text.slice(from))?.[0] ?? "";
    // At the very end there is no token: mark the last character.
    if (token === "") return { from: Math.max(0, text.length - 1), to: text.length, severity: "error", message };
    return { from, to: from + token.length, severity: "error", message };
  });
}

/** The formula with a caret under the place, for people who read better than they hover. */
export function caret(text: string, position: number | undefined): string | null {
  if (position === undefined || text.includes("\n")) return null;
  return `${text}\n${" ".repeat(Math.min(toUtf16(text, position), text.length))}^`;
}
