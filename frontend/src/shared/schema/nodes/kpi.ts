import { GraphError } from "../errors";
import type { KpiConfig } from "../generated/nodes";
import { formatType, isNumeric, type Schema } from "../types";
import { columnOf, type Complete, onlyInput, refuseDuplicates } from "./base";

/** The value and, if there is one, its comparison: both must be numbers. */
export function infer({ value, comparison }: Complete<KpiConfig>, inputs: readonly Schema[]): Schema {
  const input = onlyInput(inputs);
  const field = (index: number) => (index === 0 ? "value" : "comparison");
  const names = comparison === null ? [value] : [value, comparison];
  const columns = names.map((name, index) => columnOf(input, name, field(index)));
  columns.forEach(({ name, type }, index) => {
    if (isNumeric(type)) return;
    throw new GraphError("type_mismatch", `'${name}' is ${formatType(type)}, but a ${field(index)} is a number.`, {
      field: field(index),
      column: name,
      hint: "Choose a numeric column, or count it in a group by node.",
    });
  });
  refuseDuplicates(names, field);
  return columns;
}
