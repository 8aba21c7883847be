/** A dashboard's filters as questions for its widgets' rows. */

import type { DataQuestion } from "@/shared/api/dashboards";
import type { DataFilter } from "@/shared/api/types";
import type { Column } from "@/shared/schema/types";

import type { SharedColumn } from "./columns";
import { type TextFilter, toCondition } from "./filter";
import { timeFilters, type TimeRange } from "./timeRange";

export interface Filters {
  readonly conditions: readonly TextFilter[];
  readonly time: TimeRange | null;
}

export interface FilterScope {
  readonly columns: readonly SharedColumn[];
  /** By widget: the column that tells the time in its source. */
  readonly times: ReadonlyMap<string, Column | null>;
  /** The widgets whose sources change within seconds. */
  readonly lively: ReadonlySet<string>;
}

/** One question for all widgets, or one for those of each time column, where every widget goes by its own. */
export function questions(widgets: readonly string[], filters: Filters, scope: FilterScope, now: number): readonly DataQuestion[] {
  const { conditions, time } = filters;
  const typeOf = (name: string) => scope.columns.find((column) => column.name === name)?.type;
  const shared = conditions.map((each) => toCondition(each, typeOf(each.column)));
  const within = (name: string, days: boolean): readonly DataFilter[] => (time ? timeFilters(time.range, name, days, now) : []);
  if (time === null) return [{ filters: shared, widget_ids: widgets }];
  if (time.column !== null) {
    const days = typeOf(time.column)?.kind === "date";
    return [{ filters: [...shared, ...within(time.column, days)], widget_ids: widgets }];
  }
  const groups = new Map<string, string[]>();
  for (const id of widgets) {
    const name = scope.times.get(id)?.name ?? "";
    groups.set(name, [...(groups.get(name) ?? []), id]);
  }
  return [...groups].map(([name, ids]) => {
    const column = scope.times.get(ids[0] ?? "");
    return { filters: column ? [...shared, ...within(name, column.type.kind === "date")] : shared, widget_ids: ids };
  });
}

/** Whether a time range leaves a widget as it is, because nothing in its source tells the time. */
export function timeless(widget: string, { time }: Filters, scope: FilterScope | null): boolean {
  return time !== null && time.column === null && scope !== null && !scope.times.get(widget);
}
