import type { Cell, Row } from "@/shared/api/types";
import { isNumericType } from "@/shared/format/cell";

export interface SortOrder {
  readonly column: string;
  readonly down: boolean;
}

/** Places of the rows in the order of one column; empty cells come last either way, equal ones stay as they are. */
export function sortedPlaces(rows: readonly Row[], index: number, type: string, down: boolean): readonly number[] {
  const numeric = isNumericType(type);
  const sign = down ? -1 : 1;
  return rows
    .map((_row, place) => place)
    .sort((a, b) => {
      const [left, right] = [rows[a]?.[index] ?? null, rows[b]?.[index] ?? null];
      if (left === null || right === null) return Number(left === null) - Number(right === null) || a - b;
      return sign * (numeric ? compareNumbers(String(left), String(right)) : compareText(left, right)) || a - b;
    });
}

function compareText(a: Cell, b: Cell): number {
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

const PLAIN = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Decimals of any length, digit for digit; what has an exponent is a binary number and compared as one. */
export function compareNumbers(a: string, b: string): number {
  const [left, right] = [PLAIN.exec(a), PLAIN.exec(b)];
  if (!left || !right) return Math.sign(Number(a) - Number(b));
  const places = Math.max(left[3]?.length ?? 0, right[3]?.length ?? 0);
  const scaled = ([, sign = "", whole = "", fraction = ""]: RegExpExecArray) => BigInt(`${sign}${whole}${fraction.padEnd(places, "0")}`);
  const [x, y] = [scaled(left), scaled(right)];
  return x < y ? -1 : x > y ? 1 : 0;
}
