import { useQuery } from "@tanstack/react-query";

import { useSession } from "../session";
import { type Answer, call } from "./client";
import type { GraphDocument, Page, Workflow, WorkflowSummary } from "./types";

const PATH = "/api/v1/workflows";
const LIST_LIMIT = 200;

export function useWorkflows() {
  const tenant = useSession((state) => state.tenant);
  return useQuery({
    queryKey: ["workflows", tenant],
    queryFn: async ({ signal }) =>
      (await call<Page<WorkflowSummary>>(`${PATH}?limit=${LIST_LIMIT}`, { signal })).data.items,
    staleTime: 0,
  });
}

export function loadWorkflow(id: string, signal?: AbortSignal): Promise<Answer<Workflow>> {
  return call(`${PATH}/${encodeURIComponent(id)}`, { signal });
}

export function createWorkflow(name: string, graph: GraphDocument): Promise<Answer<Workflow>> {
  return call(PATH, { method: "POST", body: { name, graph } });
}

/** Overwrite the version named by `etag`; a newer one on the server makes it a 412. */
export function updateWorkflow(
  id: string,
  etag: string | undefined,
  change: { name?: string; graph?: GraphDocument },
): Promise<Answer<Workflow>> {
  return call(`${PATH}/${encodeURIComponent(id)}`, { method: "PATCH", body: change, etag });
}

export async function deleteWorkflow(id: string): Promise<void> {
  await call(`${PATH}/${encodeURIComponent(id)}`, { method: "DELETE" });
}
