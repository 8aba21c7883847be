import { useQueries } from "@tanstack/react-query";

import { useTables } from "@/shared/api/catalogue";
import type { Dashboard } from "@/shared/api/types";
import { loadWorkflow } from "@/shared/api/workflows";
import { useSession } from "@/shared/session";

import { type SharedColumn, sharedColumns } from "./columns";

const FIVE_MINUTES = 300_000;

/** The columns that the dashboard can be filtered by; null until they are known. */
export function useSharedColumns(dashboard: Dashboard): readonly SharedColumn[] | null {
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
      graphs: new Map(ids.map((id, index) => [id, results[index]?.data])),
    }),
  });
  if (!graphs.settled || (!tables && !error)) return null;
  const widgets = dashboard.widgets.map((widget) => ({ widget, graph: graphs.graphs.get(widget.workflow_id), output: undefined }));
  return sharedColumns(widgets, tables ?? []);
}
