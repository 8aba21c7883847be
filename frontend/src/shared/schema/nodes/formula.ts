import { typeFormula } from "../formula/typing";
import type { FormulaConfig } from "../generated/nodes";
import { type Column, findColumn, type Schema } from "../types";
import { type Complete, onlyInput } from "./base";

/** The input and one typed column; one of that name is replaced in its place. */
export function infer(config: Complete<FormulaConfig>, inputs: readonly Schema[]): Schema {
  const input = onlyInput(inputs);
  const made: Column = { name: config.output_column, ...typeFormula(config.expression, input) };
  if (!findColumn(input, made.name)) return [...input, made];
  return input.map((column) => (column.name === made.name ? made : column));
}
