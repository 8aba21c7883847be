import type { SortConfig } from "../generated/nodes";
import type { Ordering } from "../ordering";
import type { Schema } from "../types";
import { columnOf, type Complete, onlyInput, refuseDuplicates } from "./base";

/** Unchanged. */
export function infer({ sorts }: Complete<SortConfig>, inputs: readonly Schema[]): Schema {
  const input = onlyInput(inputs);
  const field = (index: number): string => `sorts.${index}.column`;
  const names = sorts.map(({ column }, index) => columnOf(input, column, field(index)).name);
  refuseDuplicates(names, field);
  return input;
}

/** Sorted; the trade order breaks ties. */
export function orders(_: Complete<SortConfig>, inputs: readonly Ordering[]): Ordering {
  return { trade: inputs.every(({ trade }) => trade), sorted: true };
}
