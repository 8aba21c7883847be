import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";

import { useTables } from "@/shared/api/catalogue";
import type { Dashboard } from "@/shared/api/types";
import { loadWorkflow } from "@/shared/api/workflows";
import { useSession } from "@/shared/session";

import { isLively, sharedColumns, timeColumn } from "./columns";
import type { FilterScope } from "./questions";

const FIVE_MINUTES = 300_000;

/** By what the dashboard can be filtered; null until it is known. */
export function useFilterScope(dashboard: Dashboard): FilterScope | null {
  const tenant = useSession((state) => state.tenant);
  const { data: tables, error } = useTables();
  const ids = [...new Set(dashboard.widgets.map((widget) => widget.workflow_id))];
  const graphs = useQueries({
    queries: ids.map((id) => ({
      queryKey: ["workflow-graph", tenant, id],
      queryFn: async ({ signal }: { signal: AbortSignal }) => (await loadWorkflow(id, signal)).data.graph,
      staleTime: FIVE_MINUTES,
    })),
    combine: (results) => ({
      // A workflow that cannot be read has no columns to offer; its widget says what is wrong.
      settled: results.every((result) => !result.isPending),
      byId: new Map(ids.map((id, index) => [id, results[index]?.data])),
    }),
  });
  const { settled, byId } = graphs;
  return useMemo(() => {
    if (!settled || (!tables && !error)) return null;
    const widgets = dashboard.widgets.map((widget) => ({ widget, graph: byId.get(widget.workflow_id) }));
    return {
      columns: sharedColumns(widgets, tables ?? []),
      times: new Map(widgets.map((each) => [each.widget.id, timeColumn(each, tables ?? [])])),
      lively: new Set(widgets.flatMap((each) => (isLively(each, tables ?? []) ? [each.widget.id] : []))),
    };
  }, [settled, byId, tables, error, dashboard.widgets]);
}
