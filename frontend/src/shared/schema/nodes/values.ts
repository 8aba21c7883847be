/** Whether a configuration's value can be compared with a column; twin of `flowforge/nodes/values.py`. */

import { GraphError } from "../errors";
import { momentType } from "../formula/literals";
import { codePoints } from "../text";
import { type Column, DATETIME, formatType, type Kind } from "../types";

const MAX_TEXT = 10_000;
const MAX_DIGITS = 76;
const NUMERIC = /^-?\d{1,38}(\.\d{1,38})?$/;

const EXPECTED: Readonly<Record<Kind, string>> = {
  string: "a text",
  boolean: "true or false",
  date: 'a date like "2024-01-31"',
  datetime: 'a time like "2024-01-31T15:30:00Z"',
  int64: "a number",
  float64: "a number",
  decimal: "a number",
};

export type Value = string | number | boolean;

/** Refuse a value that the column cannot be compared with; the problem names both and the fix. */
export function checkValue(column: Column, value: Value, field: string): void {
  if (fits(column, value)) return;
  const shown = JSON.stringify(value).slice(0, 64);
  throw new GraphError(
    "type_mismatch",
    `'${column.name}' is ${formatType(column.type)}; ${shown} cannot be compared with it.`,
    { field, column: column.name, hint: `Give ${EXPECTED[column.type.kind]}.` },
  );
}

function fits({ type }: Column, value: Value): boolean {
  switch (type.kind) {
    case "boolean":
      return typeof value === "boolean";
    case "string":
      return typeof value === "string" && codePoints(value) <= MAX_TEXT;
    case "date":
    case "datetime":
      return typeof value === "string" && (momentType(value, type) ?? momentType(value, DATETIME)) !== null;
    case "float64":
      return isNumber(value);
    default:
      return isNumber(value) && digitsOf(value) <= MAX_DIGITS;
  }
}

function isNumber(value: Value): value is string | number {
  return typeof value === "string" ? NUMERIC.test(value) : typeof value === "number" && Number.isFinite(value);
}

/** Digits of the decimal that holds the value exactly as its shortest form is written. */
function digitsOf(value: string | number): number {
  if (typeof value === "string") return 0; // the pattern admits no more than the limit
  const [mantissa = "0", exponent = "0"] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "").length;
  const scale = Math.max(0, digits - 1 - Number(exponent));
  return Math.max(1, Number(exponent) + 1) + scale;
}
