import { GraphError } from "../errors";
import * as rules from "../formula/rules";
import type { WindowConfig } from "../generated/nodes";
import { kept, type Ordering } from "../ordering";
import { type Column, formatType, INT64, type Kind, type Schema } from "../types";
import { AGGREGATES, type AggregateFunction, aggregateType } from "./aggregates";
import { columnOf, type Complete, onlyInput, refuseDuplicates } from "./base";

type Config = Complete<WindowConfig>;
type Typed = Pick<Column, "type" | "nullable">;

/** The input and one typed column. */
export function infer(config: Config, inputs: readonly Schema[]): Schema {
  const schema = onlyInput(inputs);
  const operand = operandOf(config, schema);
  config.partition_by.forEach((name, index) => columnOf(schema, name, `partition_by.${index}`));
  refuseDuplicates(config.partition_by, (index) => `partition_by.${index}`);
  config.order_by.forEach(({ column }, index) => columnOf(schema, column, `order_by.${index}.column`));
  refuseDuplicates(
    config.order_by.map(({ column }) => column),
    (index) => `order_by.${index}.column`,
  );
  checkOptions(config);
  const name = config.output_column ?? (operand ? `${config.function}_${operand.name}` : config.function);
  refuseDuplicates([...schema.map((column) => column.name), name], () => "output_column");
  return [...schema, { name, ...made(config.function, operand) }];
}

/** That of the input, which must have one where none is given. */
export function orders(config: Config, inputs: readonly Ordering[]): Ordering {
  if (config.order_by.length === 0 && !inputs[0]?.sorted) {
    throw new GraphError("invalid_config", `${config.function} needs an order of the rows, and they have none.`, {
      field: "order_by",
      hint: "Choose the columns that order the rows, for example the time, or sort them before.",
    });
  }
  return kept(inputs);
}

/** The aggregate over a frame that a function is; null for the others. */
function aggregateOf(name: Config["function"]): AggregateFunction | null {
  const aggregate = name.replace(/^(rolling|cumulative)_/, "");
  return aggregate === name ? null : (aggregate as AggregateFunction);
}

/** The kinds of column that a function takes: "none", "any", or these. */
function accepted(name: Config["function"]): "none" | "any" | readonly Kind[] {
  if (name === "row_number" || name === "rank") return "none";
  if (name === "lag" || name === "lead") return "any";
  const aggregate = aggregateOf(name);
  const like = aggregate === "min" || aggregate === "max" ? aggregate : "sum";
  return AGGREGATES.get(like)?.accepts ?? [];
}

function operandOf({ function: name, column: given }: Config, schema: Schema): Column | null {
  const kinds = accepted(name);
  if (given === null) {
    if (kinds === "none") return null;
    throw new GraphError("invalid_config", `${name} needs a column.`, { field: "column", hint: "Choose one." });
  }
  if (kinds === "none") {
    throw new GraphError("invalid_config", `${name} takes no column.`, {
      field: "column",
      hint: "Take it away: rows are counted in their order.",
    });
  }
  const column = columnOf(schema, given, "column");
  if (kinds === "any" || kinds.includes(column.type.kind)) return column;
  const detail = `${name} needs ${kinds.join(" or ")}, but '${column.name}' is ${formatType(column.type)}.`;
  throw new GraphError("type_mismatch", detail, {
    field: "column",
    column: column.name,
    hint: "Choose another column, or convert it in a formula node first.",
  });
}

/** `frame` and `offset` are given where they mean something, and only there. */
function checkOptions({ function: name, frame, offset }: Config): void {
  const rolling = name.startsWith("rolling_");
  if (rolling !== (frame !== null)) {
    throw new GraphError("invalid_config", `${name} ${rolling ? "needs a" : "takes no"} frame.`, {
      field: "frame",
      hint: rolling ? 'Say over how many rows: {"rows": 20}.' : "Take it away.",
    });
  }
  if (offset !== 1 && name !== "lag" && name !== "lead") {
    throw new GraphError("invalid_config", `${name} takes no offset.`, {
      field: "offset",
      hint: "Only lag and lead look so many rows away.",
    });
  }
}

function made(name: Config["function"], operand: Column | null): Typed {
  if (!operand) return { type: INT64, nullable: false };
  if (name === "lag" || name === "lead") return { type: operand.type, nullable: true };
  if (name === "pct_change") return { type: rules.divide(operand.type, operand.type), nullable: true };
  const aggregate = aggregateOf(name);
  if (!aggregate) throw new Error(`the window function ${name} is no aggregate`);
  return aggregateType(aggregate, [operand], true);
}
