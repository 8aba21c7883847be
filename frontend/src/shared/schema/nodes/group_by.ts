import { GraphError } from "../errors";
import type { Aggregation, GroupByConfig } from "../generated/nodes";
import { NO_ORDER, type Ordering } from "../ordering";
import type { Column, Schema } from "../types";
import { aggregateType } from "./aggregates";
import { columnOf, type Complete, onlyInput, refuseDuplicates } from "./base";
import { operands, requireOrder } from "./operands";

/** The keys, then one column per aggregate. */
export function infer(config: Complete<GroupByConfig>, inputs: readonly Schema[]): Schema {
  const input = onlyInput(inputs);
  if (config.group_by.length === 0 && config.aggregations.length === 0) {
    throw new GraphError("invalid_config", "Neither keys nor aggregates are chosen.", {
      field: "group_by",
      hint: "Choose a column to group by, or an aggregate such as count.",
    });
  }
  const keys = config.group_by.map((name, index) => columnOf(input, name, `group_by.${index}`));
  const made = config.aggregations.map((each, index) =>
    aggregated(each, input, keys.length > 0, `aggregations.${index}`),
  );
  const output = [...keys, ...made];
  refuseDuplicates(
    output.map((column) => column.name),
    (index) => (index < keys.length ? `group_by.${index}` : `aggregations.${index - keys.length}.alias`),
  );
  return output;
}

/** Groups have no order; `first` and `last` need one of the rows. */
export function orders({ aggregations }: Complete<GroupByConfig>, inputs: readonly Ordering[]): Ordering {
  const ordered = inputs.every(({ trade }) => trade);
  aggregations.forEach((each, index) => requireOrder(each.function, each.by, `aggregations.${index}.by`, ordered));
  return NO_ORDER;
}

function aggregated(each: Complete<Aggregation>, schema: Schema, grouped: boolean, place: string): Column {
  const { column, weight, by } = each;
  const columns = operands(each.function, { column, weight, by }, schema, (operand) => `${place}.${operand}`);
  const name = each.alias ?? (each.column === null ? each.function : `${each.function}_${each.column}`);
  return { name, ...aggregateType(each.function, columns, grouped) };
}
