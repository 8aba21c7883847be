import type { RenameConfig } from "../generated/nodes";
import type { Schema } from "../types";
import { columnOf, type Complete, onlyInput, refuseDuplicates } from "./base";

/** The same columns under their new names, in their places. */
export function infer({ renames }: Complete<RenameConfig>, inputs: readonly Schema[]): Schema {
  const input = onlyInput(inputs);
  const renamed = new Map(Object.entries(renames));
  for (const name of renamed.keys()) columnOf(input, name, `renames.${name}`);
  const columns = input.map((column) => ({ ...column, name: renamed.get(column.name) ?? column.name }));
  const names = columns.map((column) => column.name);
  refuseDuplicates(names, (index) => {
    const old = input[index]?.name ?? "";
    return `renames.${renamed.has(old) ? old : (input[names.indexOf(names[index] ?? "")]?.name ?? "")}`;
  });
  return columns;
}
