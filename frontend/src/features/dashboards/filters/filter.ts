/** A dashboard's filters as its address carries them: `f=symbol~in~AAPL~MSFT`, one `f` per filter. */

import type { Condition, ConditionValue, Literal } from "@/features/canvas/kinds/configs";
import { asList, operandsOf, parseLiteral } from "@/features/canvas/settings/values";
import type { ColumnType } from "@/shared/schema/types";

type Operator = Condition["operator"];

/** One filter; its values are texts until the column's type is known. */
export interface TextFilter {
  readonly column: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

const WORDS: Readonly<Record<Operator, string>> = {
  "=": "eq",
  "!=": "ne",
  ">": "gt",
  ">=": "ge",
  "<": "lt",
  "<=": "le",
  LIKE: "like",
  "NOT LIKE": "unlike",
  IN: "in",
  "NOT IN": "out",
  BETWEEN: "between",
  "IS NULL": "null",
  "IS NOT NULL": "some",
};
const OPERATORS = new Map(Object.entries(WORDS).map(([operator, word]) => [word, operator as Operator]));

const escape = (part: string) => part.replace(/%/g, "%25").replace(/~/g, "%7E");
const unescape = (part: string) => part.replace(/%7E/g, "~").replace(/%25/g, "%");

export function writeFilter({ column, operator, values }: TextFilter): string {
  return [column, WORDS[operator], ...values].map(escape).join("~");
}

/** Null for a text that is no filter, or has not the values that its operator takes. */
export function readFilter(text: string): TextFilter | null {
  const [column = "", word = "", ...values] = text.split("~").map(unescape);
  const operator = OPERATORS.get(word);
  if (column === "" || operator === undefined) return null;
  const operands = operandsOf(operator);
  const wanted = { none: 0, one: 1, two: 2, list: Math.max(1, values.length) }[operands];
  return values.length === wanted ? { column, operator, values } : null;
}

/** The filter as the API takes it, its values of the column's type. */
export function toCondition({ column, operator, values }: TextFilter, type: ColumnType | undefined): Condition {
  const literals = values.map((value) => parseLiteral(value, type));
  const operands = operandsOf(operator);
  const value: ConditionValue | undefined = operands === "none" ? undefined : operands === "one" ? literals[0] : literals;
  return { column, operator, ...(value !== undefined && { value }) };
}

/** A condition of a form as a filter; null while it is not finished. */
export function fromCondition({ column, operator, value }: Condition): TextFilter | null {
  const values = asList(value).map(literalText);
  return readFilter(writeFilter({ column, operator, values })) && !values.includes("") ? { column, operator, values } : null;
}

function literalText(literal: Literal): string {
  return typeof literal === "object" ? "" : String(literal);
}

const NAMED = 3;

/** The filter in a few words: `symbol IN AAPL, MSFT +2`. */
export function describeFilter({ column, operator, values }: TextFilter, list: (first: readonly string[], more: number) => string): string {
  const text = list(values.slice(0, NAMED), values.length - NAMED);
  return [column, operator === "IN" ? "" : operator, text].filter((part) => part !== "").join(operator === "IN" ? ": " : " ");
}
