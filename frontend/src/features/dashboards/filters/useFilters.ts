import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

import type { DataFilter } from "@/shared/api/types";

import type { SharedColumn } from "./columns";
import { readFilter, type TextFilter, toCondition, writeFilter } from "./filter";
import { readTimeRange, timeFilters, type TimeRange, writeTimeRange } from "./timeRange";

/** What the dashboard is filtered by: kept in the address, so that it can be bookmarked and shared. */
export interface Filters {
  readonly conditions: readonly TextFilter[];
  readonly time: TimeRange | null;
}

export function useFilters() {
  const [search, setSearch] = useSearchParams();
  const text = search.toString();
  const filters = useMemo((): Filters => {
    const read = new URLSearchParams(text);
    return {
      conditions: read.getAll("f").flatMap((each) => readFilter(each) ?? []),
      time: readTimeRange(read.get("t")),
    };
  }, [text]);
  const setFilters = useCallback(
    (next: Filters) =>
      setSearch(
        (before) => {
          const written = new URLSearchParams(before);
          written.delete("f");
          written.delete("t");
          for (const each of next.conditions) written.append("f", writeFilter(each));
          if (next.time) written.set("t", writeTimeRange(next.time));
          return written;
        },
        { replace: true },
      ),
    [setSearch],
  );
  return { filters, setFilters };
}

/** The filters as the API takes them, at this moment. */
export function toDataFilters({ conditions, time }: Filters, columns: readonly SharedColumn[], now: number): readonly DataFilter[] {
  const typeOf = (name: string) => columns.find((column) => column.name === name)?.type;
  return [
    ...conditions.map((each) => toCondition(each, typeOf(each.column))),
    ...(time ? timeFilters(time, typeOf(time.column)?.kind === "date", now) : []),
  ];
}
