import type { TreemapConfig } from "../generated/nodes";
import type { Schema } from "../types";
import { columnOf, type Complete, onlyInput, refuseDuplicates } from "./base";
import { requireNumber } from "./charts";

/** The path from the outermost level, then the value, which must be a number. */
export function infer({ path, value }: Complete<TreemapConfig>, inputs: readonly Schema[]): Schema {
  const input = onlyInput(inputs);
  const levels = path.map((name, index) => columnOf(input, name, `path.${index}`));
  const area = columnOf(input, value, "value");
  requireNumber(area, "value", "the area");
  refuseDuplicates([...path, value], (index) => (index < path.length ? `path.${index}` : "value"));
  return [...levels, area];
}
