/**
 * Return-type rules of operators and functions, named by the function table. The table of rules is
 * in `shared/flowforge/formula/rules.py`; this is its twin.
 */

import { BOOLEAN, type ColumnType, DATE, DATETIME, decimal, FLOAT64, INT64, isNumeric, isTemporal, sameType, STRING } from "../types";

/** Digits after the point of products and quotients. */
export const MAX_SCALE = 12;

/** Rules that name their type. */
export const FIXED: Readonly<Record<string, ColumnType>> = {
  string: STRING,
  int64: INT64,
  float64: FLOAT64,
  boolean: BOOLEAN,
  date: DATE,
  datetime: DATETIME,
};

/** Digits in all of a result: 38, or 76 if an operand has more than 38. */
export function precision(...types: readonly ColumnType[]): number {
  return types.some((type) => type.kind === "decimal" && type.precision > 38) ? 76 : 38;
}

/** Digits after the point; int64 counts as a decimal of scale 0. */
export function scale(type: ColumnType): number {
  return type.kind === "decimal" ? type.scale : 0;
}

/** Type of a sum, a difference or a remainder. */
export function add(left: ColumnType, right: ColumnType): ColumnType {
  return simple(left, right) ?? decimal(precision(left, right), Math.max(scale(left), scale(right)));
}

/** Type of a product. */
export function multiply(left: ColumnType, right: ColumnType): ColumnType {
  return simple(left, right) ?? decimal(precision(left, right), Math.min(scale(left) + scale(right), MAX_SCALE));
}

/** Type of a quotient: integer division is not integer. */
export function divide(left: ColumnType, right: ColumnType): ColumnType {
  if (left.kind === "float64" || right.kind === "float64") return FLOAT64;
  return decimal(precision(left, right), MAX_SCALE);
}

/** The type that holds values of all of these, or null if they clash. */
export function common(types: readonly [ColumnType, ...ColumnType[]]): ColumnType | null {
  let [result] = types;
  for (const other of types.slice(1)) {
    if (sameType(other, result)) continue;
    if (isNumeric(result) && isNumeric(other)) result = add(result, other);
    else if (isTemporal(result) && isTemporal(other)) result = DATETIME;
    else return null;
  }
  return result;
}

/** Type of a value rounded to that many digits after the point. */
export function rounded(value: ColumnType, digits: number): ColumnType {
  return value.kind === "decimal" ? decimal(precision(value), Math.min(value.scale, digits)) : value;
}

function simple(left: ColumnType, right: ColumnType): ColumnType | null {
  if (left.kind === "float64" || right.kind === "float64") return FLOAT64;
  return left.kind === "int64" && right.kind === "int64" ? INT64 : null;
}
