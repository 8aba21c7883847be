/**
 * Whether operands fit a function, and what comes out: the function table applied. Twin of
 * `shared/flowforge/formula/checks.py`.
 */

import { type ColumnType, formatType, isTemporal } from "../types";
import { momentType } from "./literals";
import { formulaError, type Operand } from "./operand";
import { resultType } from "./result_type";
import { common, FIXED } from "./rules";
import { type FormulaFunction, parameterAt } from "./table";
import { DATETIME, STRING } from "../types";

export const MAX_ROUND_DIGITS = 12;

/** Refuse a call with too few or too many arguments. */
export function checkCount(source: string, called: FormulaFunction, given: number, at: number): void {
  const least = called.parameters.filter((parameter) => !parameter.optional).length;
  const most = called.repeats ? Infinity : called.parameters.length;
  if (given >= least && given <= most) return;
  const expected = most === Infinity ? `at least ${least}` : least === most ? `${least}` : `${least} to ${most}`;
  throw formulaError("wrong_arguments", `${called.name} takes ${expected} arguments; ${given} are given.`, source, at, {
    hint: `${called.signature}: ${called.doc}`,
  });
}

/** Apply a function or operator; a `GraphError` points at the operand that does not fit. */
export function apply(source: string, called: FormulaFunction, given: readonly Operand[], at: number): Operand {
  if (called.name === "CASE") return applyCase(source, called, given, at);
  const first = called.alike ?? given.length;
  const operands = [...given.slice(0, first), ...readTextAsMoments(source, given.slice(first))];
  operands.forEach((operand, index) => {
    accept(source, called, index, operand, isBetween(called, operands) ? (operands[1 - index]?.type ?? null) : null);
  });
  const shared = commonType(source, called, operands.slice(first));
  if ((called.returns === "common" || called.returns === "branches") && shared === null) return untyped(at);
  const typed = operands.map((operand, index) => ({
    ...operand,
    type: operand.type ?? shared ?? nullType(called, index),
  }));
  return { type: resultType(called, typed, shared), nullable: isNullable(called, typed), at };
}

/** Tests and results alternate; the last operand is what ELSE gives. */
function applyCase(source: string, called: FormulaFunction, given: readonly Operand[], at: number): Operand {
  const isTest = (index: number): boolean => index % 2 === 0 && index < given.length - 1;
  const results = readTextAsMoments(
    source,
    given.filter((_, index) => !isTest(index)),
  );
  for (const test of given.filter((_, index) => isTest(index))) accept(source, called, 0, test);
  const shared = commonType(source, called, results);
  return shared === null ? untyped(at) : { type: shared, nullable: results.some((each) => each.nullable), at };
}

function untyped(at: number): Operand {
  return { type: null, nullable: true, at };
}

/** Whether it is an operator between two values, which are then named together. */
function isBetween(called: FormulaFunction, operands: readonly Operand[]): boolean {
  return operands.length === 2 && !/^[a-z]/i.test(called.name);
}

function accept(
  source: string,
  called: FormulaFunction,
  index: number,
  operand: Operand,
  beside: ColumnType | null = null,
): void {
  const parameter = parameterAt(called, index);
  const { type, at, literal } = operand;
  if (parameter.choices.length > 0) {
    if (typeof literal === "string" && parameter.choices.includes(literal.toLowerCase())) return;
    throw formulaError("wrong_arguments", `${called.name} needs its ${parameter.name} as a literal text.`, source, at, {
      hint: `One of ${parameter.choices.map((each) => `'${each}'`).join(", ")}.`,
    });
  }
  if (parameter.digits) {
    if (typeof literal === "number" && literal <= MAX_ROUND_DIGITS) return;
    const detail = `${called.name} needs its ${parameter.name} as a whole number from 0 to ${MAX_ROUND_DIGITS}.`;
    throw formulaError("wrong_arguments", detail, source, at);
  }
  if (type !== null && !parameter.accepts.includes(type.kind)) {
    const needed = parameter.accepts.join(" or ");
    const name = called.name === "negate" ? "A minus sign" : called.name;
    const other = beside === null ? "" : `, beside ${formatType(beside)}`;
    throw formulaError("type_mismatch", `${name} needs ${needed}, but this is ${formatType(type)}${other}.`, source, at);
  }
}

/** The type that all typed operands share; null if none of them has a type. */
function commonType(source: string, called: FormulaFunction, operands: readonly Operand[]): ColumnType | null {
  let shared: ColumnType | null = null;
  for (const { type, at } of operands) {
    if (type === null) continue;
    const joined: ColumnType | null = shared === null ? type : common([shared, type]);
    if (joined === null) {
      const detail = `${called.name} cannot bring ${shared ? formatType(shared) : "NULL"} and ${formatType(type)} together.`;
      throw formulaError("type_mismatch", detail, source, at, {
        hint: "Convert one of them with TO_NUMBER, TO_TEXT or TO_DATE.",
      });
    }
    shared = joined;
  }
  return shared;
}

/** Among comparable operands, a literal text beside a date or datetime is one. */
function readTextAsMoments(source: string, group: readonly Operand[]): readonly Operand[] {
  const beside = group.find(({ type }) => type !== null && isTemporal(type))?.type;
  if (!beside) return group;
  return group.map((operand) => {
    const { literal, at } = operand;
    if (typeof literal !== "string") return operand;
    const type = momentType(literal, beside) ?? momentType(literal, DATETIME);
    if (type !== null) return { type, nullable: false, at };
    const detail = `'${literal.slice(0, 64)}' is compared with a ${formatType(beside)} but cannot be read as one.`;
    throw formulaError("type_mismatch", detail, source, at, {
      hint: "Write '2024-01-31' or '2024-01-31T15:30:00Z'.",
    });
  });
}

function isNullable(called: FormulaFunction, operands: readonly Operand[]): boolean {
  const considered = called.returns === "branches" ? operands.slice(1) : operands;
  switch (called.nullable) {
    case "any":
      return considered.some((each) => each.nullable);
    case "all":
      return considered.every((each) => each.nullable);
    default:
      return called.nullable === "always";
  }
}

/** What a NULL counts as where nothing beside it has a type. */
function nullType(called: FormulaFunction, index: number): ColumnType {
  const { accepts } = parameterAt(called, index);
  const kind = (["int64", "string", "boolean", "datetime"] as const).find((each) => accepts.includes(each));
  return (kind && FIXED[kind]) ?? STRING;
}
