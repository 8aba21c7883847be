import { GraphError } from "../errors";
import { common } from "../formula/rules";
import type { UnionConfig } from "../generated/nodes";
import { type Column, formatType, type Schema } from "../types";
import type { Complete } from "./base";

/** Every name once, with the type that holds all its values; an input that lacks a column leaves it NULL. */
export function infer(_: Complete<UnionConfig>, inputs: readonly Schema[]): Schema {
  const found = new Map<string, Column>();
  const seen = new Map<string, number>();
  inputs.forEach((schema, index) => {
    for (const column of schema) {
      const known = found.get(column.name);
      found.set(column.name, known ? both(known, column, index) : column);
      seen.set(column.name, (seen.get(column.name) ?? 0) + 1);
    }
  });
  return [...found.values()].map((column) => ({
    ...column,
    nullable: column.nullable || (seen.get(column.name) ?? 0) < inputs.length,
  }));
}

function both(known: Column, column: Column, index: number): Column {
  const type = common([known.type, column.type]);
  if (type) return { name: column.name, type, nullable: known.nullable || column.nullable };
  const [one, other] = [formatType(known.type), formatType(column.type)];
  throw new GraphError("type_mismatch", `'${column.name}' is ${one} in one input and ${other} in another.`, {
    field: `inputs.${index}`,
    column: column.name,
    hint: "Convert one of them in a formula node first, or rename it.",
  });
}
