import type { UniqueConfig } from "../generated/nodes";
import type { Schema } from "../types";
import { columnOf, type Complete, onlyInput, refuseDuplicates } from "./base";

/** Unchanged. */
export function infer({ columns }: Complete<UniqueConfig>, inputs: readonly Schema[]): Schema {
  const input = onlyInput(inputs);
  const field = (index: number): string => `columns.${index}`;
  columns.forEach((name, index) => columnOf(input, name, field(index)));
  refuseDuplicates(columns, field);
  return input;
}
