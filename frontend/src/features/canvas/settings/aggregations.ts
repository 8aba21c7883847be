/** Aggregate functions as the group-by form offers them, from the generated table. */

import functions from "@/shared/schema/generated/functions.json";
import type { Column, Schema } from "@/shared/schema/types";

import type { Aggregation } from "../kinds/configs";
import { lastMeasure } from "../kinds/measure";

type Name = Aggregation["function"];
type Member = "column" | "by" | "weight";

export interface AggregateRule {
  readonly name: string;
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Kinds of type that its column may have. */
  readonly accepts: readonly string[];
}

export const AGGREGATES: readonly AggregateRule[] = functions.aggregates;

export function ruleOf(name: string): AggregateRule {
  return AGGREGATES.find((rule) => rule.name === name) ?? { name, required: ["column"], optional: [], accepts: [] };
}

export function takes(rule: AggregateRule, member: Member): boolean {
  return rule.required.includes(member) || rule.optional.includes(member);
}

export function accepts(rule: AggregateRule, column: Column): boolean {
  return rule.accepts.includes(column.type.kind);
}

/** A new entry: the sum of the last number that is no key, or else the count of rows. */
export function firstMeasure(schema: Schema | null, keys: readonly string[]): Aggregation {
  const measure = lastMeasure(schema, keys);
  return measure ? { function: "sum", column: measure.name } : { function: "count" };
}

/** The entry under another function, keeping what that function also takes. */
export function withFunction(aggregation: Aggregation, name: string, schema: Schema | null): Aggregation {
  const rule = ruleOf(name);
  const current = schema?.find((column) => column.name === aggregation.column);
  const fits = current && accepts(rule, current) ? current : schema?.find((column) => accepts(rule, column));
  const column = rule.required.includes("column") ? (fits?.name ?? aggregation.column) : undefined;
  const { by, weight, alias } = aggregation;
  return {
    function: rule.name as Name,
    ...(column && { column }),
    ...(takes(rule, "weight") && weight && { weight }),
    ...(takes(rule, "by") && by && { by }),
    ...(alias && { alias }),
  };
}

/** The entry with one member set; an empty text takes it out. */
export function withMember(aggregation: Aggregation, member: Member | "alias", value: string): Aggregation {
  const { [member]: _before, ...rest } = aggregation;
  return value === "" ? rest : { ...rest, [member]: value };
}

/** The output column's name when no alias is given. */
export function defaultName({ function: name, column }: Aggregation): string {
  return column ? `${name}_${column}` : name;
}
