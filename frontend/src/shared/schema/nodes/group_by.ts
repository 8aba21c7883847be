import { GraphError } from "../errors";
import type { Aggregation, GroupByConfig } from "../generated/nodes";
import { NO_ORDER, type Ordering } from "../ordering";
import { type Column, formatType, type Schema } from "../types";
import { AGGREGATES, aggregateType } from "./aggregates";
import { columnOf, type Complete, onlyInput, refuseDuplicates } from "./base";

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
  aggregations.forEach((each, index) => {
    if (ordered || each.by !== null || (each.function !== "first" && each.function !== "last")) return;
    const detail = `${each.function} needs an order, and these rows have none of their own.`;
    const hint = "Choose the column that orders the rows, for example the time.";
    throw new GraphError("invalid_config", detail, { field: `aggregations.${index}.by`, hint });
  });
  return NO_ORDER;
}

function aggregated(each: Complete<Aggregation>, schema: Schema, grouped: boolean, place: string): Column {
  const columns = operands(each, schema, place);
  const name = each.alias ?? (each.column === null ? each.function : `${each.function}_${each.column}`);
  return { name, ...aggregateType(each.function, columns, grouped) };
}

/** The aggregate's operands: column, then weight or by. */
function operands(each: Complete<Aggregation>, schema: Schema, place: string): readonly Column[] {
  const takes = AGGREGATES.get(each.function);
  if (!takes) throw new Error(`the table of aggregates has no ${each.function}`);
  return (["column", "weight", "by"] as const).flatMap((name) => {
    const given = each[name];
    const field = `${place}.${name}`;
    if (given === null) {
      if (!takes.required.includes(name)) return [];
      throw new GraphError("invalid_config", `${each.function} needs a ${name}.`, { field, hint: "Choose one." });
    }
    if (!takes.required.includes(name) && !takes.optional.includes(name)) {
      throw new GraphError("invalid_config", `${each.function} takes no ${name}.`, { field });
    }
    const column = columnOf(schema, given, field);
    if (name !== "by" && !takes.accepts.includes(column.type.kind)) {
      const wanted = takes.accepts.join(" or ");
      const detail = `${each.function} needs ${wanted}, but '${column.name}' is ${formatType(column.type)}.`;
      throw new GraphError("type_mismatch", detail, {
        field,
        column: column.name,
        hint: "Choose another column, or convert it in a formula node first.",
      });
    }
    return [column];
  });
}
