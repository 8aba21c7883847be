import { GraphError } from "../errors";
import { momentType } from "../formula/literals";
import type { PivotConfig } from "../generated/nodes";
import { NO_ORDER, type Ordering } from "../ordering";
import { codePoints } from "../text";
import { type Column, DATE, type Schema } from "../types";
import { aggregateType } from "./aggregates";
import { columnOf, type Complete, onlyInput, refuseDuplicates } from "./base";
import { operands, requireOrder } from "./operands";
import { checkValue } from "./values";
import { written } from "./written";

const MAX_NAME = 128;
/** The pattern of a new column's name; its length is counted in code points. */
const NAME = /^[^\x00-\x1f\x7f"`\\[\]]+$/; // eslint-disable-line no-control-regex

/** The keys, then one column per listed value, named after it. */
export function infer(config: Complete<PivotConfig>, inputs: readonly Schema[]): Schema {
  const input = onlyInput(inputs);
  const { rows, function: name, value, weight, by } = config;
  const keys = rows.map((row, index) => columnOf(input, row, `rows.${index}`));
  const names = listed(config, columnOf(input, config.column, "column"));
  const read = operands(name, { column: value, weight, by }, input, (operand) => (operand === "column" ? "value" : operand));
  const cell = aggregateType(name, read, false);
  refuseDuplicates([...rows, ...names], (index) =>
    index < keys.length ? `rows.${index}` : `column_values.${index - keys.length}`,
  );
  return [...keys, ...names.map((each) => ({ name: each, ...cell }))];
}

/** The names of the columns that the listed values make. */
function listed({ column_values: values }: Complete<PivotConfig>, column: Column): string[] {
  const field = (index: number): string => `column_values.${index}`;
  values.forEach((value, index) => checkValue(column, value, field(index)));
  values.forEach((value, index) => {
    if (column.type.kind !== "date" || momentType(String(value), DATE) !== null) return;
    throw new GraphError("type_mismatch", `'${column.name}' is date; ${JSON.stringify(value)} is datetime.`, {
      field: field(index),
      column: column.name,
      hint: 'Give a date like "2024-01-31".',
    });
  });
  return values.map((value, index) => {
    const name = written(value, column.type);
    if (NAME.test(name) && codePoints(name) <= MAX_NAME) return name;
    throw new GraphError("invalid_config", `No column can be named ${JSON.stringify(name).slice(0, 64)}.`, {
      field: field(index),
      hint: "Give the value another text in a formula node first: 1 to 128 characters, no quotes or brackets.",
    });
  });
}

/** Groups have no order; `first` and `last` need one of the rows. */
export function orders({ function: name, by }: Complete<PivotConfig>, inputs: readonly Ordering[]): Ordering {
  requireOrder(name, by, "by", inputs.every(({ trade }) => trade));
  return NO_ORDER;
}
