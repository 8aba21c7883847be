/** What an aggregate reads, checked; twin of `flowforge/nodes/operands.py`. */

import { GraphError } from "../errors";
import { type Column, formatType, type Schema } from "../types";
import { type AggregateFunction, AGGREGATES, type Operand } from "./aggregates";
import { columnOf } from "./base";

const ORDER: readonly Operand[] = ["column", "weight", "by"];

/** The operands: column, then weight or by. `field` names the configuration field of one. */
export function operands(
  name: AggregateFunction,
  given: Readonly<Record<Operand, string | null>>,
  schema: Schema,
  field: (operand: Operand) => string,
): readonly Column[] {
  const takes = AGGREGATES.get(name);
  if (!takes) throw new Error(`the table of aggregates has no ${name}`);
  return ORDER.flatMap((operand) => {
    const chosen = given[operand];
    const place = field(operand);
    const called = place.slice(place.lastIndexOf(".") + 1);
    if (chosen === null) {
      if (!takes.required.includes(operand)) return [];
      throw new GraphError("invalid_config", `${name} needs a ${called}.`, { field: place, hint: "Choose one." });
    }
    if (!takes.required.includes(operand) && !takes.optional.includes(operand)) {
      throw new GraphError("invalid_config", `${name} takes no ${called}.`, { field: place });
    }
    const column = columnOf(schema, chosen, place);
    if (operand !== "by" && !takes.accepts.includes(column.type.kind)) {
      const wanted = takes.accepts.join(" or ");
      throw new GraphError("type_mismatch", `${name} needs ${wanted}, but '${column.name}' is ${formatType(column.type)}.`, {
        field: place,
        column: column.name,
        hint: "Choose another column, or convert it in a formula node first.",
      });
    }
    return [column];
  });
}

/** `first` and `last` need an order: `by`, or the rows' own (`ordered`). */
export function requireOrder(name: AggregateFunction, by: string | null, field: string, ordered: boolean): void {
  if (ordered || by !== null || (name !== "first" && name !== "last")) return;
  const detail = `${name} needs an order, and these rows have none of their own.`;
  const hint = "Choose the column that orders the rows, for example the time.";
  throw new GraphError("invalid_config", detail, { field, hint });
}
