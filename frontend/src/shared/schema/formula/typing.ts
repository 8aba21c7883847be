/**
 * Formula text and columns → type: names resolved, every operand checked. Twin of
 * `shared/flowforge/formula/typing.py`: left to right, inner before outer, but an unknown function
 * and a wrong number of arguments come before the arguments.
 */

import { type Column, findColumn, type Schema, STRING, BOOLEAN } from "../types";
import { apply, checkCount } from "./checks";
import { numberOperand } from "./literals";
import { nearest } from "./nearest";
import { formulaError, type Operand } from "./operand";
import { parseFormula } from "./parse";
import type { Call, Expression } from "./syntax";
import { FUNCTIONS, type FormulaFunction, OPERATIONS } from "./table";

/** The type and nullability of a formula over these columns; a `GraphError` says what is wrong where. */
export function typeFormula(source: string, schema: Schema): Pick<Column, "type" | "nullable"> {
  const { type, nullable, at } = visit(parseFormula(source), source, schema);
  if (type === null) {
    throw formulaError("type_mismatch", "The formula is always NULL, which has no type.", source, at, {
      hint: "Say which type it has, for example TO_NUMBER('').",
    });
  }
  return { type, nullable };
}

function visit(expression: Expression, source: string, schema: Schema): Operand {
  const { at } = expression;
  switch (expression.kind) {
    case "column":
      return columnOperand(expression.name, at, source, schema);
    case "number":
      return numberOperand(source, expression.text, at);
    case "text":
      return { type: STRING, nullable: false, at, literal: expression.value };
    case "boolean":
      return { type: BOOLEAN, nullable: false, at };
    case "null":
      return { type: null, nullable: true, at };
    case "call":
      return callOperand(expression, source, schema);
  }
}

function columnOperand(name: string, at: number, source: string, schema: Schema): Operand {
  const column = findColumn(schema, name);
  if (column) return { type: column.type, nullable: column.nullable, at };
  const shown = Array.from(name).slice(0, 128).join("");
  throw formulaError("unknown_column", `There is no column '${shown}'.`, source, at, {
    column: shown,
    ...nearest(
      name,
      schema.map((each) => each.name),
    ),
  });
}

function callOperand({ name, args, at, byName }: Call, source: string, schema: Schema): Operand {
  const called = byName ? functionNamed(name, source, at) : operation(name);
  if (byName) checkCount(source, called, args.length, at);
  const operands = args.map((each) => visit(each, source, schema));
  // An operator stands where its first operand does.
  return apply(source, called, operands, byName ? at : (operands[0]?.at ?? at));
}

function functionNamed(name: string, source: string, at: number): FormulaFunction {
  const found = FUNCTIONS.get(name);
  if (found) return found;
  const hint = AGGREGATES.has(name)
    ? { hint: "Aggregates are made by a group by node; GREATEST and LEAST compare columns of one row." }
    : nearest(name, [...FUNCTIONS.keys()]);
  throw formulaError("unknown_function", `There is no function ${name.slice(0, 64)}.`, source, at, hint);
}

const AGGREGATES: ReadonlySet<string> = new Set(
  "SUM AVG MIN MAX COUNT MEDIAN STDDEV FIRST LAST VWAP".split(" "),
);

function operation(name: string): FormulaFunction {
  const found = OPERATIONS.get(name);
  if (!found) throw new Error(`the function table has no operator ${name}`);
  return found;
}
