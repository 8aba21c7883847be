/** The function table: typing, completion and help read it. Operators are entries with odd names. */

import table from "../generated/functions.json" with { type: "json" };
import type { Kind } from "../types";

/** A rule of `rules.ts`, by its name in `shared/flowforge/formula/rules.py`. */
export type Rule =
  | "add"
  | "multiply"
  | "divide"
  | "common"
  | "first"
  | "branches"
  | "round"
  | "whole"
  | "number"
  | "shift"
  | "string"
  | "int64"
  | "float64"
  | "boolean"
  | "date"
  | "datetime";

/** An argument: the kinds it takes, or the literals (`choices`; whole numbers for `digits`) it must be. */
export interface Parameter {
  readonly name: string;
  readonly accepts: readonly Kind[];
  readonly choices: readonly string[];
  readonly digits: boolean;
  readonly optional: boolean;
}

export interface FormulaFunction {
  readonly name: string;
  /** `ROUND(number, [digits])` for people. */
  readonly signature: string;
  readonly doc: string;
  readonly parameters: readonly Parameter[];
  /** The last parameter may be given any number of times. */
  readonly repeats: boolean;
  /** Arguments from this index on must have a common type; null: no such demand. */
  readonly alike: number | null;
  readonly returns: Rule;
  /** Whether the result can be NULL: if any argument can, if all can, always or never. */
  readonly nullable: "any" | "all" | "always" | "never";
}

const functions = table.functions as readonly FormulaFunction[];
const operators = table.operators as readonly FormulaFunction[];

/** What can be called by name, in the order of the documentation. */
export const FUNCTIONS: ReadonlyMap<string, FormulaFunction> = byName(functions);

/** Functions and operators: every name that an `Expression` can carry. */
export const OPERATIONS: ReadonlyMap<string, FormulaFunction> = byName([...functions, ...operators]);

function byName(entries: readonly FormulaFunction[]): Map<string, FormulaFunction> {
  return new Map(entries.map((entry) => [entry.name, entry]));
}

/** The parameter that the argument at `index` fills. */
export function parameterAt({ name, parameters }: FormulaFunction, index: number): Parameter {
  const parameter = parameters[Math.min(index, parameters.length - 1)];
  if (!parameter) throw new RangeError(`${name} takes no arguments`);
  return parameter;
}
