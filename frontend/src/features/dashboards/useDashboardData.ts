import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef } from "react";

import { dashboardData } from "@/shared/api/dashboards";
import { toProblem } from "@/shared/api/problem";
import { queryClient } from "@/shared/api/queryClient";
import type { Dashboard, WidgetResult } from "@/shared/api/types";
import { Refresher } from "@/shared/live/refresher";
import { useSession } from "@/shared/session";

import { type Filters, type FilterScope, questions } from "./filters/questions";
import { merged } from "./merged";

const SECOND = 1_000;
const NO_SCOPE: FilterScope = { columns: [], times: new Map(), lively: new Set() };

interface Question {
  readonly filters: Filters;
  /** Null while it is not known: without it a filter's values have no types. */
  readonly scope: FilterScope | null;
  /** Seconds between two questions; null: asked once, and when something changes. */
  readonly every: number | null;
}

/**
 * The rows of all widgets. `refresh` asks for some of them again and leaves the others as they are;
 * what is shown stays until the new rows are there.
 */
export function useDashboardData(dashboard: Dashboard, { filters, scope, every }: Question) {
  const tenant = useSession((state) => state.tenant);
  const { id, widgets } = dashboard;
  const ids = widgets.map((widget) => widget.id).join();
  const filtered = filters.conditions.length > 0 || filters.time !== null;
  const key = useMemo(() => ["dashboard-data", tenant, id, ids, filters], [tenant, id, ids, filters]);
  const rowsOf = async (some: readonly string[], signal?: AbortSignal) => {
    const asked = questions(some, filters, scope ?? NO_SCOPE, Date.now());
    return (await Promise.all(asked.map((question) => dashboardData(id, question, signal)))).flat();
  };
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => rowsOf(widgets.map((widget) => widget.id), signal),
    enabled: widgets.length > 0 && (!filtered || scope !== null),
    refetchInterval: every === null ? false : every * SECOND,
    // The rows of the widgets that stay, while those of a new one or of other filters are on their way.
    placeholderData: (previous, before) => (before?.queryKey[2] === id ? previous : undefined),
    staleTime: 0,
  });

  const ask = useRef((_widgets: readonly string[]) => Promise.resolve());
  useEffect(() => {
    ask.current = async (some) => {
      // The first rows are on their way, perhaps from before the change: they come first.
      if (queryClient.getQueryData(key) === undefined) {
        if (!query.isFetching) return;
        await query.refetch({ cancelRefetch: false });
      }
      const found = await rowsOf(some).catch((error: unknown) => failed(some, error));
      queryClient.setQueryData<readonly WidgetResult[]>(key, (before) => merged(before, found));
    };
  });
  const refresher = useRef<Refresher | null>(null);
  useEffect(() => {
    const created = new Refresher((some) => ask.current(some));
    refresher.current = created;
    return () => created.stop();
  }, [key]);
  const refresh = useCallback((some: readonly string[]) => refresher.current?.add(some), []);
  return { ...query, refresh };
}

function failed(ids: readonly string[], error: unknown): readonly WidgetResult[] {
  const problem = toProblem(error);
  return ids.map((widget_id) => ({ widget_id, status: problem.status, problem }));
}
