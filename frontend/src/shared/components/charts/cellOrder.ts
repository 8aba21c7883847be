/** The order in which values of one column head rows, columns and axes. */

import type { Cell } from "@/shared/api/types";
import { isNumericType, isTemporalType } from "@/shared/format/cell";

const NAMES = new Intl.Collator("en", { numeric: true });

/** Numbers by value, times by time, texts as people sort them; null last. */
export function byType(type: string): (a: Cell, b: Cell) => number {
  const compare = isNumericType(type)
    ? (a: Cell, b: Cell) => Number(a) - Number(b)
    : isTemporalType(type)
      ? (a: Cell, b: Cell) => Date.parse(String(a)) - Date.parse(String(b))
      : (a: Cell, b: Cell) => NAMES.compare(String(a), String(b));
  return (a, b) => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return compare(a, b);
  };
}
