/** What aggregates take and return; twin of `flowforge/nodes/aggregates.py`. */

import * as rules from "../formula/rules";
import table from "../generated/functions.json" with { type: "json" };
import type { Aggregation } from "../generated/nodes";
import { type Column, type ColumnType, decimal, FLOAT64, INT64, type Kind } from "../types";

export type AggregateFunction = Aggregation["function"];
export type Operand = "column" | "weight" | "by";

/** Which operands an aggregate takes, and of which kinds. */
export interface Takes {
  readonly name: AggregateFunction;
  readonly required: readonly Operand[];
  readonly optional: readonly Operand[];
  readonly accepts: readonly Kind[];
}

export const AGGREGATES: ReadonlyMap<AggregateFunction, Takes> = new Map(
  (table.aggregates as readonly Takes[]).map((takes) => [takes.name, takes]),
);

type Typed = Pick<Column, "type" | "nullable">;

/** The type of an aggregate over its operands (column, then weight or by). */
export function aggregateType(name: AggregateFunction, operands: readonly Typed[], grouped: boolean): Typed {
  const [value, other] = operands;
  if (name === "count" || name === "count_distinct" || !value) return { type: INT64, nullable: false };
  // Without keys there is one row even for no input, and it is NULL.
  const nullable = !grouped || value.nullable;
  switch (name) {
    case "stddev":
      return { type: FLOAT64, nullable: true };
    case "min":
    case "max":
      return { type: value.type, nullable };
    case "first":
    case "last":
      return { type: value.type, nullable: nullable || (other?.nullable ?? false) };
    case "sum":
      return { type: value.type.kind === "decimal" ? total(value.type) : value.type, nullable };
    case "avg":
    case "median":
      return { type: rules.divide(total(value.type), INT64), nullable: true };
    case "vwap": {
      const weight = (other ?? value).type;
      return { type: rules.divide(total(rules.multiply(value.type, weight)), total(weight)), nullable: true };
    }
  }
}

/** A sum that int64 cannot overflow: decimals stay exact, floats stay floats. */
function total(type: ColumnType): ColumnType {
  return type.kind === "float64" ? type : decimal(rules.precision(type), rules.scale(type));
}
