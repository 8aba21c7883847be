import { Funnel } from "lucide-react";

import { S } from "@/shared/strings";

import { type Condition, type ConditionGroup, filterOf, isGroup } from "./configs";
import type { Look } from "./kind";

const MAX_SHOWN = 2;

function describe(item: Condition | ConditionGroup): string {
  if (isGroup(item)) return `(${(item.filters ?? []).map(describe).join(` ${item.logic ?? "AND"} `)})`;
  const { column, operator, value } = item;
  if (value === undefined || value === null) return `${column} ${operator}`;
  if (Array.isArray(value)) return `${column} ${operator} ${value.join(operator === "BETWEEN" ? " – " : ", ")}`;
  return `${column} ${operator} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`;
}

/** Whether a condition says all it has to say: a column, and a value where one is needed. */
export function isComplete(item: Condition | ConditionGroup): boolean {
  if (isGroup(item)) return (item.filters ?? []).every(isComplete);
  if (item.column === "") return false;
  return item.operator === "IS NULL" || item.operator === "IS NOT NULL" || (item.value ?? null) !== null;
}

export const filter: Look = {
  ...S.kinds.filter,
  group: "shape",
  icon: Funnel,
  defaults: () => ({ filters: [], logic: "AND" }),
  configured: (data) => {
    const { filters } = filterOf(data);
    return filters.length > 0 && filters.every(isComplete);
  },
  summary: (data) => {
    const { logic, filters } = filterOf(data);
    if (filters.length === 0) return S.node.summary.noFilters;
    if (!filters.every(isComplete)) return S.node.summary.unfinished;
    if (filters.length > MAX_SHOWN) return S.node.summary.conditions(filters.length);
    return filters.map(describe).join(` ${logic} `);
  },
};
