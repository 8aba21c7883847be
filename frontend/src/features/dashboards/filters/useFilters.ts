import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

import { readFilter, writeFilter } from "./filter";
import type { Filters } from "./questions";
import { readTimeRange, writeTimeRange } from "./timeRange";

/** What the dashboard is filtered by: kept in the address, so that it can be bookmarked and shared. */
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
