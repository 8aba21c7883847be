/**
 * Cells as text. Decimals and int64 arrive as strings and are shown digit for digit: they never pass
 * through a JavaScript number. Zeros that a whole column has at its end are left out together, which
 * changes no value and keeps the decimal points under each other.
 */

import type { Cell } from "@/shared/api/types";

const MIN_DECIMALS = 2;

/** Whether values of this wire type line up at the right. */
export function isNumericType(type: string): boolean {
  return type === "int64" || type === "float64" || type.startsWith("decimal");
}

export function isTemporalType(type: string): boolean {
  return type === "date" || type === "datetime";
}

/** Decimals that a column needs: its longest fraction without trailing zeros, at least two. */
export function decimalsNeeded(cells: readonly Cell[]): number {
  let needed = MIN_DECIMALS;
  for (const cell of cells) {
    if (typeof cell !== "string") continue;
    const point = cell.indexOf(".");
    if (point < 0) continue;
    needed = Math.max(needed, cell.replace(/0+$/, "").length - point - 1);
  }
  return needed;
}

function trimDecimal(text: string, decimals: number): string {
  const point = text.indexOf(".");
  return point < 0 ? text : text.slice(0, point + 1 + decimals);
}

/** `2026-03-02T14:30:00.250000Z` as `2026-03-02 14:30:00.25`; the zone is stated by the column. */
export function formatDatetime(text: string): string {
  return text
    .replace("T", " ")
    .replace(/(Z|\+00:00)$/, "")
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}

/** How one column shows its cells; `null` stays null, since only the view knows how to mark it. */
export function cellFormatter(type: string, cells: readonly Cell[]): (cell: Cell) => string | null {
  if (type.startsWith("decimal")) {
    const decimals = decimalsNeeded(cells);
    return (cell) => (cell === null ? null : trimDecimal(String(cell), decimals));
  }
  if (type === "datetime") return (cell) => (cell === null ? null : formatDatetime(String(cell)));
  return (cell) => (cell === null ? null : String(cell));
}
