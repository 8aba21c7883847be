import { GraphError, type ErrorCode } from "../errors";
import type { Condition, ConditionGroup, FilterConfig } from "../generated/nodes";
import { type Column, formatType, type Schema } from "../types";
import { columnOf, type Complete, onlyInput } from "./base";
import { checkValue, type Value } from "./values";

export const MAX_DEPTH = 20;
export const MAX_VALUES = 10_000;

/** In a LIKE pattern a backslash stands before %, _ or another backslash. */
const PATTERN = /^(?:[^\\]|\\[%_\\])*$/s;

/** Unchanged; every condition must fit its column. */
export function infer(config: Complete<FilterConfig>, inputs: readonly Schema[]): Schema {
  const input = onlyInput(inputs);
  checkGroup(config, input, "filters", 1);
  return input;
}

function checkGroup(group: Complete<ConditionGroup>, schema: Schema, field: string, depth: number): void {
  if (depth > MAX_DEPTH) {
    throw new GraphError("invalid_config", `Conditions nest more than ${MAX_DEPTH} levels deep.`, {
      field,
      hint: "Flatten the groups, or use several filter nodes.",
    });
  }
  group.filters.forEach((each, index) => {
    const place = `${field}.${index}`;
    if ("filters" in each) checkGroup(each, schema, `${place}.filters`, depth + 1);
    else checkCondition(each, schema, place);
  });
}

function checkCondition({ column: name, operator, value }: Complete<Condition>, schema: Schema, place: string): void {
  const column = columnOf(schema, name, `${place}.column`);
  const field = `${place}.value`;
  switch (operator) {
    case "IS NULL":
    case "IS NOT NULL":
      if (value !== null) throw refused("invalid_config", `${operator} takes no value.`, field, column, "Take it away.");
      return;
    case "IN":
    case "NOT IN":
      checkValues(column, listed(value, operator, field, column), field);
      return;
    case "BETWEEN": {
      const bounds = listed(value, operator, field, column);
      if (bounds.length !== 2) {
        const hint = "Give the least and the greatest one.";
        throw refused("invalid_config", "BETWEEN takes a list of two values.", field, column, hint);
      }
      checkValues(column, bounds, field);
      return;
    }
    default:
      if (value === null || isList(value)) {
        const hint =
          value === null ? "Use IS NULL or IS NOT NULL to find missing values." : "Use IN or BETWEEN for several.";
        throw refused("invalid_config", `${operator} takes one value.`, field, column, hint);
      }
      if (operator === "LIKE" || operator === "NOT LIKE") checkPattern(column, value, field);
      else checkValue(column, value, field);
  }
}

function isList(value: Value | readonly Value[] | null): value is readonly Value[] {
  return Array.isArray(value);
}

function listed(
  value: Value | readonly Value[] | null,
  operator: string,
  field: string,
  column: Column,
): readonly Value[] {
  if (!isList(value)) {
    const hint = "Put the values into a list: […].";
    throw refused("invalid_config", `${operator} takes a list of values.`, field, column, hint);
  }
  if (value.length > MAX_VALUES) {
    const hint = "Join with a table of them instead.";
    throw refused("invalid_config", `${operator} takes at most ${MAX_VALUES} values.`, field, column, hint);
  }
  return value;
}

function checkValues(column: Column, values: readonly Value[], field: string): void {
  values.forEach((value, index) => {
    checkValue(column, value, `${field}.${index}`);
  });
}

function checkPattern(column: Column, value: Value, field: string): void {
  if (column.type.kind !== "string") {
    const detail = `LIKE needs a text, but '${column.name}' is ${formatType(column.type)}.`;
    throw refused("type_mismatch", detail, field, column, "Compare it with = < > or BETWEEN.");
  }
  checkValue(column, value, field);
  if (!PATTERN.test(String(value))) {
    const detail = "In a LIKE pattern a backslash stands before %, _ or another backslash.";
    throw refused("invalid_config", detail, field, column, String.raw`Write \\ for a backslash itself.`);
  }
}

function refused(code: ErrorCode, detail: string, field: string, column: Column, hint: string): GraphError {
  return new GraphError(code, detail, { field, column: column.name, hint });
}
