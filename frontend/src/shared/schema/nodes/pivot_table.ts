import type { PivotTableConfig } from "../generated/nodes";
import type { Schema } from "../types";
import { columnOf, type Complete, onlyInput, refuseDuplicates } from "./base";

const FIELDS = ["rows", "columns", "values"] as const;

/** The encoded columns: row heads, column heads, cells. */
export function infer(config: Complete<PivotTableConfig>, inputs: readonly Schema[]): Schema {
  const input = onlyInput(inputs);
  const drawn = FIELDS.flatMap((part) => config[part].map((name, index) => ({ name, field: `${part}.${index}` })));
  const columns = drawn.map(({ name, field }) => columnOf(input, name, field));
  refuseDuplicates(
    drawn.map(({ name }) => name),
    (index) => drawn[index]?.field ?? "values",
  );
  return columns;
}
