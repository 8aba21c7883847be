/** The calls that run or explain a graph. An aborted one also stops the query on the server. */

import { call, download } from "./client";
import type { CompileAnswer, Estimate, GraphDocument, ResultAnswer } from "./types";

/** The first 100 rows of a node. */
export async function preview(graph: GraphDocument, target: string, signal: AbortSignal): Promise<ResultAnswer> {
  const body = { graph, target_node_id: target };
  return (await call<ResultAnswer>("/api/v1/preview", { method: "POST", body, signal })).data;
}

/** One page of a node's rows; pages count from 0. */
export async function executePage(
  graph: GraphDocument,
  target: string,
  page: number,
  pageSize: number,
  signal: AbortSignal,
): Promise<ResultAnswer> {
  const body = { graph, target_node_id: target, page, page_size: pageSize };
  return (await call<ResultAnswer>("/api/v1/execute", { method: "POST", body, signal })).data;
}

/** All rows of a node as a CSV file, beyond what any view shows. */
export function exportCsv(graph: GraphDocument, target: string): Promise<Blob> {
  return download("/api/v1/execute", { graph, target_node_id: target }, "text/csv");
}

/** The SQL of a node, and how each node before it ended up there. */
export async function compile(graph: GraphDocument, target: string, signal: AbortSignal): Promise<CompileAnswer> {
  const body = { graph, target_node_id: target };
  return (await call<CompileAnswer>("/api/v1/compile", { method: "POST", body, signal })).data;
}

/** How much a node would read, before anything is run. */
export async function estimate(graph: GraphDocument, target: string, signal: AbortSignal): Promise<Estimate> {
  const body = { graph, target_node_id: target };
  return (await call<Estimate>("/api/v1/estimate", { method: "POST", body, signal })).data;
}
