import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { useSession } from "../session";
import { call, fetchFile } from "./client";
import type { Problem } from "./problem";
import type { GraphDocument, Page, ResultAnswer } from "./types";

const PATH = "/api/v1/executions";
const LIST_LIMIT = 100;
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;

export type ExecutionStatus = "requested" | "running" | "completed" | "failed" | "cancelled";

/** A run whose whole result is kept for a while. */
export interface Execution {
  readonly id: string;
  readonly status: ExecutionStatus;
  readonly workflow_id: string | null;
  readonly target_node_id: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly rows: number | null;
  readonly elapsed_ms: number | null;
  readonly error: Problem | null;
}

export interface ExecutionPage extends ResultAnswer {
  readonly total_rows: number;
}

export const MEDIA = { csv: "text/csv", arrow: "application/vnd.apache.arrow.stream" } as const;

/** Whether nothing more will become of it. */
export function isOver({ status }: Pick<Execution, "status">): boolean {
  return status !== "requested" && status !== "running";
}

/** Ask for a run of everything behind a node. */
export async function requestExecution(graph: GraphDocument, target: string): Promise<{ readonly id: string }> {
  return (await call<{ id: string }>(PATH, { method: "POST", body: { graph, target_node_id: target } })).data;
}

/** The tenant's runs, newest first; asked again every `everyMs` while some are under way. */
export function useExecutions(everyMs: number) {
  const tenant = useSession((state) => state.tenant);
  return useQuery({
    queryKey: ["executions", tenant],
    queryFn: async ({ signal }) => (await call<Page<Execution>>(`${PATH}?limit=${LIST_LIMIT}`, { signal })).data.items,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.every(isOver) === false ? everyMs : false),
  });
}

/** One run; asked again every `everyMs` until it is over, unless that is false. */
export function useExecution(id: string, everyMs: number | false) {
  const tenant = useSession((state) => state.tenant);
  return useQuery({
    queryKey: ["execution", tenant, id],
    queryFn: async ({ signal }) => (await call<Execution>(pathOf(id), { signal })).data,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : everyMs),
  });
}

/** A page of a completed run's rows; pages count from 0. */
export function useExecutionPage(id: string, page: number, pageSize: number) {
  const tenant = useSession((state) => state.tenant);
  return useQuery({
    queryKey: ["execution-result", tenant, id, page, pageSize],
    queryFn: async ({ signal }) =>
      (await call<ExecutionPage>(`${pathOf(id)}/result?page=${page}&page_size=${pageSize}`, { signal })).data,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
}

/** Stop a run that is under way, or discard one that is over. */
export async function endExecution(id: string): Promise<void> {
  await call(pathOf(id), { method: "DELETE" });
}

/** The whole result as a file. */
export function downloadResult(id: string, format: keyof typeof MEDIA): Promise<Blob> {
  return fetchFile(`${pathOf(id)}/result`, MEDIA[format]);
}
