/**
 * Configurations as the forms edit them. They are read leniently, since a half-filled form and a
 * graph from elsewhere are both normal; the schema rules judge them.
 */

import type { Aggregation, Condition, ConditionGroup, LineChartConfig, SortTerm } from "@/shared/schema/generated/nodes";

import { isObject } from "@/shared/schema/graph";

import type { Config } from "../document/doc";

export type { Aggregation, Condition, ConditionGroup, SortTerm };

export type Literal = string | number | boolean;
export type ConditionValue = Literal | readonly Literal[];

export function isGroup(item: Condition | ConditionGroup): item is ConditionGroup {
  return "filters" in item;
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function texts(value: unknown): readonly string[] {
  return list(value).filter((item): item is string => typeof item === "string");
}

export function whole(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isInteger(value) ? value : otherwise;
}

export function filterOf(data: Config): Required<ConditionGroup> {
  return {
    logic: data["logic"] === "OR" ? "OR" : "AND",
    filters: list(data["filters"]) as readonly (Condition | ConditionGroup)[],
  };
}

/** New names by the old ones, as texts. */
export function renamesOf(data: Config): Readonly<Record<string, string>> {
  const renames = data["renames"];
  return isObject(renames) ? Object.fromEntries(Object.entries(renames).map(([old, name]) => [old, text(name)])) : {};
}

/** The terms of an order, as the named member gives them. */
export function sortTermsOf(data: Config, member: "sorts" | "order_by"): readonly SortTerm[] {
  return list(data[member]) as readonly SortTerm[];
}

export function aggregationsOf(data: Config): readonly Aggregation[] {
  return list(data["aggregations"]) as readonly Aggregation[];
}

export function chartOf(data: Config): LineChartConfig {
  const series = text(data["series"]);
  return { x: text(data["x"]), y: texts(data["y"]), ...(series !== "" && { series }) };
}
