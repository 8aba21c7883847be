import type { WireColumn } from "@/shared/api/types";

/** Widest digit of the table's font, in pixels: a number must never be cut off. */
const CHAR = 8;
const PADDING = 24;
const HEADER_EXTRA = 20;
const MIN = 64;
const MAX = 340;
const SAMPLED_ROWS = 60;

/** Widths in pixels that fit the header and the first rows of each column. */
export function columnWidths(
  columns: readonly WireColumn[],
  text: (row: number, column: number) => string,
  rowCount: number,
): number[] {
  const rows = Math.min(rowCount, SAMPLED_ROWS);
  return columns.map(({ name }, column) => {
    let longest = 0;
    for (let row = 0; row < rows; row++) longest = Math.max(longest, text(row, column).length);
    const wanted = Math.max(longest * CHAR, name.length * CHAR + HEADER_EXTRA) + PADDING;
    return Math.round(Math.min(MAX, Math.max(MIN, wanted)));
  });
}
