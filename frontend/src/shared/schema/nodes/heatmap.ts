import type { HeatmapConfig } from "../generated/nodes";
import type { Schema } from "../types";
import { columnOf, type Complete, onlyInput, refuseDuplicates } from "./base";
import { requireNumber } from "./charts";

const FIELDS = ["x", "y", "value"] as const;

/** The encoded columns; the value must be a number. */
export function infer(config: Complete<HeatmapConfig>, inputs: readonly Schema[]): Schema {
  const input = onlyInput(inputs);
  const [x, y, value] = [columnOf(input, config.x, "x"), columnOf(input, config.y, "y"), columnOf(input, config.value, "value")];
  requireNumber(value, "value", "the value");
  refuseDuplicates([x.name, y.name, value.name], (index) => FIELDS[index] ?? "value");
  return [x, y, value];
}
