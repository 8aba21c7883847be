/** A configuration's value as TO_TEXT writes it; twin of `written` in `flowforge/nodes/values.py`. */

import { parseMoment } from "../formula/literals";
import type { ColumnType } from "../types";
import type { Value } from "./values";

/** No trailing zeros, no exponent, datetimes to the second in UTC. The value fits the type (`checkValue`). */
export function written(value: Value, type: ColumnType): string {
  if (type.kind === "datetime" && typeof value === "string") {
    const instant = parseMoment(value);
    return instant === null ? value : new Date(instant).toISOString().slice(0, 19).replace("T", " ");
  }
  if (type.kind === "float64") return plainNumber(String(Number(value)));
  return type.kind === "int64" || type.kind === "decimal" ? plainNumber(String(value)) : String(value);
}

/** `-007.50e3` as `-7500`: digits only. */
export function plainNumber(text: string): string {
  const [, sign = "", mantissa = "", exponent = "0"] = /^(-?)([\d.]+)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const [whole = "", fraction = ""] = mantissa.split(".");
  const point = whole.length + Number(exponent);
  const digits = (whole + fraction).padStart(whole.length + fraction.length + Math.max(0, -point), "0");
  const at = Math.max(0, point);
  const before = digits.slice(0, at).padEnd(at, "0").replace(/^0+(?=\d)/, "") || "0";
  const after = digits.slice(at).replace(/0+$/, "");
  const plain = after === "" ? before : `${before}.${after}`;
  return plain === "0" ? plain : sign + plain;
}
