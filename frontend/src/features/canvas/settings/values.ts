/** Filter values between the text of a form and the JSON of a configuration. */

import { type ColumnType, isNumeric, isTemporal } from "@/shared/schema/types";

import type { Condition, ConditionValue, Literal } from "../kinds/configs";

type Operator = Condition["operator"];

const WHOLE = /^[+-]?\d+$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * A typed text as a value of the column's type. A number that JavaScript cannot hold exactly stays
 * text, which the server reads digit for digit. Text that does not fit stays as typed and is reported.
 */
export function parseLiteral(text: string, type: ColumnType | undefined): Literal {
  const trimmed = text.trim();
  if (type?.kind === "boolean" && (trimmed === "true" || trimmed === "false")) return trimmed === "true";
  if (type && isNumeric(type)) {
    if (type.kind === "float64" && NUMBER.test(trimmed)) return Number(trimmed);
    if (WHOLE.test(trimmed) && Number.isSafeInteger(Number(trimmed))) return Number(trimmed);
    return trimmed;
  }
  return type && isTemporal(type) ? trimmed : text;
}

export function formatLiteral(value: Literal | undefined): string {
  if (value === undefined) return "";
  // A parameter, written by hand: `{"param": "name"}`.
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Comma-separated values; empty ones are left out. */
export function parseList(text: string, type: ColumnType | undefined): Literal[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => parseLiteral(part, type));
}

export function asList(value: ConditionValue | null | undefined): readonly Literal[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly Literal[]) : [value as Literal];
}

export function asLiteral(value: ConditionValue | null | undefined): Literal | undefined {
  return asList(value)[0];
}

export type Operands = "none" | "one" | "two" | "list";

export function operandsOf(operator: Operator): Operands {
  if (operator === "IS NULL" || operator === "IS NOT NULL") return "none";
  if (operator === "BETWEEN") return "two";
  if (operator === "IN" || operator === "NOT IN") return "list";
  return "one";
}

const EVERY = ["=", "!=", "IS NULL", "IS NOT NULL"] as const;
const ORDERED = ["=", "!=", ">", ">=", "<", "<=", "BETWEEN", "IN", "NOT IN", "IS NULL", "IS NOT NULL"] as const;
const TEXT = ["=", "!=", "IN", "NOT IN", "LIKE", "NOT LIKE", ">", ">=", "<", "<=", "BETWEEN", "IS NULL", "IS NOT NULL"] as const;

export function operatorsFor(type: ColumnType | undefined): readonly Operator[] {
  if (type?.kind === "boolean") return EVERY;
  return type === undefined || type.kind === "string" ? TEXT : ORDERED;
}

/** The value reshaped for another operator, keeping what can be kept; undefined while there is none. */
export function reshape(value: ConditionValue | null | undefined, operator: Operator): ConditionValue | undefined {
  const values = asList(value);
  const [first] = values;
  switch (operandsOf(operator)) {
    case "none":
      return undefined;
    case "one":
      return first;
    case "two":
      return first === undefined ? undefined : [first, values[1] ?? ""];
    case "list":
      return first === undefined ? undefined : values;
  }
}

/** A condition with its value set, or without any. */
export function withValue(condition: Condition, value: ConditionValue | undefined): Condition {
  const { column, operator } = condition;
  return { column, operator, ...(value !== undefined && { value }) };
}
