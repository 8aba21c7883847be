/** What charts share, and those with axes: `x`, one or more `y`, and an optional `series`. */

import { GraphError } from "../errors";
import type { LineChartConfig } from "../generated/nodes";
import { type Column, formatType, isNumeric, type Schema } from "../types";
import { columnOf, type Complete, onlyInput, refuseDuplicates } from "./base";

export type AxesConfig = LineChartConfig;

/** The encoded columns; `y` must be numbers. */
export function inferAxes(config: Complete<AxesConfig>, inputs: readonly Schema[]): Schema {
  const input = onlyInput(inputs);
  const x = columnOf(input, config.x, "x");
  const y = config.y.map((name, index) => columnOf(input, name, `y.${index}`));
  y.forEach((column, index) => requireNumber(column, `y.${index}`, "y"));
  const series = config.series === null ? [] : [columnOf(input, config.series, "series")];
  const encoded = [x, ...y, ...series];
  const fields = ["x", ...y.map((_, index) => `y.${index}`), "series"];
  refuseDuplicates(
    encoded.map((column) => column.name),
    (index) => fields[index] ?? "series",
  );
  return encoded;
}

/** `type_mismatch` where what is drawn as a number is none; `role` says as what it is drawn. */
export function requireNumber({ name, type }: Column, field: string, role: string): void {
  if (isNumeric(type)) return;
  throw new GraphError("type_mismatch", `'${name}' is ${formatType(type)}, but ${role} needs a number.`, {
    field,
    column: name,
    hint: "Choose a numeric column, or count it in a group by node.",
  });
}
