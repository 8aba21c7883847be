import type { SelectConfig } from "../generated/nodes";
import type { Schema } from "../types";
import { columnOf, type Complete, onlyInput, refuseDuplicates } from "./base";

/** The chosen columns, in the chosen order. */
export function infer({ columns }: Complete<SelectConfig>, inputs: readonly Schema[]): Schema {
  const input = onlyInput(inputs);
  const field = (index: number): string => `columns.${index}`;
  const chosen = columns.map((name, index) => columnOf(input, name, field(index)));
  refuseDuplicates(columns, field);
  return chosen;
}
