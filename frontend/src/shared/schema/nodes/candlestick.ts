import { GraphError } from "../errors";
import type { CandlestickConfig } from "../generated/nodes";
import { type Column, formatType, isTemporal, type Schema } from "../types";
import { columnOf, type Complete, onlyInput, refuseDuplicates } from "./base";
import { requireNumber } from "./charts";

const FIELDS = ["time", "open", "high", "low", "close", "volume"] as const;

/** The encoded columns: a date or datetime, four prices, and the volume where there is one. */
export function infer(config: Complete<CandlestickConfig>, inputs: readonly Schema[]): Schema {
  const input = onlyInput(inputs);
  const drawn = FIELDS.flatMap((field) => {
    const name = config[field];
    return name === null ? [] : [{ field, column: columnOf(input, name, field) }];
  });
  for (const { field, column } of drawn) {
    if (field === "time") requireTime(column);
    else requireNumber(column, field, field);
  }
  const columns = drawn.map(({ column }) => column);
  refuseDuplicates(
    columns.map(({ name }) => name),
    (index) => FIELDS[index] ?? "volume",
  );
  return columns;
}

function requireTime({ name, type }: Column): void {
  if (isTemporal(type)) return;
  throw new GraphError("type_mismatch", `'${name}' is ${formatType(type)}, but time needs a date or a datetime.`, {
    field: "time",
    column: name,
    hint: "Choose the column that says when a bar begins, or convert it in a formula node first.",
  });
}
