/**
 * Cells as text. Decimals and int64 arrive as strings and are shown digit for digit: they never pass
 * through a JavaScript number. So that decimal points stand under each other, a cell also knows the
 * zeros that it lacks against the longest fraction of its column; they are drawn, but are no content.
 */

import type { Cell } from "@/shared/api/types";

/** Whether values of this wire type line up at the right. */
export function isNumericType(type: string): boolean {
  return type === "int64" || type === "float64" || type.startsWith("decimal");
}

export function isTemporalType(type: string): boolean {
  return type === "date" || type === "datetime";
}

/** Digits after the point, of the longest fraction in a column. */
export function longestFraction(cells: readonly Cell[]): number {
  return Math.max(0, ...cells.map((cell) => (typeof cell === "string" ? fractionDigits(cell) : 0)));
}

export function fractionDigits(text: string): number {
  const point = text.indexOf(".");
  return point < 0 ? 0 : text.length - point - 1;
}

/** What a decimal lacks against `digits` places after the point: `.00`, `0`, or nothing. */
export function missingZeros(text: string, digits: number): string {
  const missing = digits - fractionDigits(text);
  if (missing <= 0) return "";
  return (text.includes(".") ? "" : ".") + "0".repeat(missing);
}

/** `2026-03-02T14:30:00.250000Z` as `2026-03-02 14:30:00.25`; the zone is stated by the column. */
export function formatDatetime(text: string): string {
  return text
    .replace("T", " ")
    .replace(/(Z|\+00:00)$/, "")
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}

/** The same to the minute: `2026-03-02 14:30`. */
export function formatMinute(text: string): string {
  return formatDatetime(text).slice(0, "2026-03-02 14:30".length);
}

export interface Shown {
  readonly text: string;
  /** Zeros to draw after the text. */
  readonly pad: string;
}

/** How one column shows its cells; `null` stays null, since only the view knows how to mark it. */
export function cellFormatter(type: string, cells: readonly Cell[]): (cell: Cell) => Shown | null {
  const digits = type.startsWith("decimal") ? longestFraction(cells) : 0;
  return (cell) => {
    if (cell === null) return null;
    const text = String(cell);
    return { text: type === "datetime" ? formatDatetime(text) : text, pad: digits > 0 ? missingZeros(text, digits) : "" };
  };
}
