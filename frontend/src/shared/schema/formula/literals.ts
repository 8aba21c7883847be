/** Literals of formulas as typed operands; twin of `shared/flowforge/formula/literals.py`. */

import { DATE, DATETIME, decimal, FLOAT64, INT64, type ColumnType } from "../types";
import { MAX_DIGITS } from "./limits";
import { formulaError, type Operand } from "./operand";

const NUMBER = /^(\d+)(?:\.(\d+))?(e[+-]?\d+)?$/i;
const MAX_INT64 = 2n ** 63n - 1n;

/** 1 is int64 (decimal where int64 ends), 1.50 is decimal(3,2), 1e3 is float64. */
export function numberOperand(source: string, written: string, at: number): Operand {
  const match = NUMBER.exec(written);
  if (!match) {
    throw formulaError("formula_syntax", `'${written.slice(0, 64)}' is not a number.`, source, at, {
      hint: "Write 1, 0.5 or 1e3.",
    });
  }
  const [, whole = "", fraction = "", exponent = ""] = match;
  const digits = whole.length + fraction.length;
  if (digits > MAX_DIGITS || exponent.length > 5) {
    const detail = `A number has at most ${MAX_DIGITS} digits; this one has ${digits}.`;
    throw formulaError("formula_syntax", detail, source, at);
  }
  if (exponent !== "") {
    if (Number(written) === Infinity) {
      throw formulaError("formula_syntax", `'${written}' is too large for a float64.`, source, at);
    }
    return { type: FLOAT64, nullable: false, at };
  }
  const significant = BigInt(whole + fraction).toString().length;
  if (fraction !== "") {
    const before = Math.max(1, significant - fraction.length);
    return { type: decimal(before + fraction.length, fraction.length), nullable: false, at };
  }
  if (BigInt(whole) > MAX_INT64) return { type: decimal(significant, 0), nullable: false, at };
  return { type: INT64, nullable: false, at, literal: Number(whole) };
}

const FIRST_YEAR = 1900;
const LAST_YEAR = 2261;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?(?:Z|([+-])(\d{2}):?(\d{2}))?)?$/;

/** DATE or DATETIME if the text can be read as one (ISO 8601, UTC unless it says otherwise). */
export function momentType(text: string, type: ColumnType): ColumnType | null {
  if (type.kind === "date") return DAY.test(text) && inRange(startOfDay(text)) ? DATE : null;
  return inRange(parseMoment(text)) ? DATETIME : null;
}

/** Milliseconds since 1970 of an ISO 8601 text, digits after those left out; null if it is none. */
export function parseMoment(text: string): number | null {
  const match = MOMENT.exec(text);
  if (!match) return null;
  const [, day = "", hour = "0", minute = "0", second = "0", sign = "+", offsetHour = "0", offsetMinute = "0"] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return null;
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === "-" ? -1 : 1);
  const minutes = Number(hour) * 60 + Number(minute) - offset;
  const start = startOfDay(day);
  return start === null ? null : start + minutes * 60_000 + Number(second) * 1_000;
}

/** Milliseconds since 1970 of a day that exists. */
function startOfDay(text: string): number | null {
  const start = Date.parse(`${text}T00:00:00Z`);
  // Date.parse moves the 30th of February to March; a day that exists comes back as written.
  return Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== text ? null : start;
}

function inRange(instant: number | null): boolean {
  if (instant === null) return false;
  const year = new Date(instant).getUTCFullYear();
  return year >= FIRST_YEAR && year <= LAST_YEAR;
}
