import { GraphError } from "../errors";
import { nearest } from "../formula/nearest";
import { type Column, findColumn, type Schema } from "../types";

/** A configuration as `decode` leaves it: what may be left out has its default. */
export type Complete<Config> = Config extends readonly (infer Item)[]
  ? readonly Complete<Item>[]
  : Config extends object
    ? { readonly [Key in keyof Config]-?: Complete<Exclude<Config[Key], undefined>> }
    : Config;

/** The column of that name; `unknown_column` names the configuration's field and near names. */
export function columnOf(schema: Schema, name: string, field: string): Column {
  const column = findColumn(schema, name);
  if (column) return column;
  const known = schema.map((each) => each.name);
  throw new GraphError("unknown_column", `There is no column '${name}' here.`, {
    field,
    column: name,
    ...nearest(name, known),
  });
}

/** `duplicate_column` at the first name that was there before. */
export function refuseDuplicates(names: readonly string[], field: (index: number) => string): void {
  const seen = new Set<string>();
  names.forEach((name, index) => {
    if (seen.has(name)) {
      throw new GraphError("duplicate_column", `The column '${name}' would be there twice.`, {
        field: field(index),
        column: name,
        hint: "Take one away or give it another name.",
      });
    }
    seen.add(name);
  });
}

/** The schema of a node's only input. */
export function onlyInput(inputs: readonly Schema[]): Schema {
  const [input] = inputs;
  if (!input) throw new Error("propagation calls infer with as many inputs as the ports ask for");
  return input;
}
