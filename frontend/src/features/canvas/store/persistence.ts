/** Between the open workflow and the server. */

import { toProblem } from "@/shared/api/problem";
import { queryClient } from "@/shared/api/queryClient";
import { createWorkflow, loadWorkflow, updateWorkflow } from "@/shared/api/workflows";
import { S } from "@/shared/strings";

import { type Doc, EMPTY_DOC, fromGraph, toGraph } from "../document/doc";
import { kindOf } from "../kinds";
import { text } from "../kinds/configs";
import { markSaved, openDocument, UNSAVED, useCanvas } from "./canvas";

/** A name that says what the workflow reads and ends in. */
export function suggestName(doc: Doc): string {
  const table = text(doc.nodes.find((node) => node.type === "data_source")?.data["table"]);
  const last = doc.nodes.findLast((node) => kindOf(node.type).group === "output");
  if (table === "") return S.canvas.untitled;
  return last ? `${table} – ${kindOf(last.type).label.toLowerCase()}` : table;
}

/** Fetch a workflow and open it. */
export async function open(id: string, signal?: AbortSignal): Promise<void> {
  const { data, etag } = await loadWorkflow(id, signal);
  openDocument(fromGraph(data.graph), { id: data.id, name: data.name, etag }, true);
}

export function openNew(): void {
  openDocument(EMPTY_DOC, UNSAVED, false);
}

/** Save under its own id, or as a new workflow if it has none. Returns the id. */
export async function save(name: string): Promise<string> {
  const { doc, workflow } = useCanvas.getState();
  const graph = toGraph(doc);
  const { data, etag } = workflow.id
    ? await updateWorkflow(workflow.id, workflow.etag, { name, graph })
    : await createWorkflow(name, graph);
  // The document as it was sent: what was edited meanwhile is unsaved again.
  markSaved(doc, { id: data.id, name, etag });
  await queryClient.invalidateQueries({ queryKey: ["workflows"] });
  return data.id;
}

/** Save as another workflow, and go on with that one. */
export async function saveCopy(name: string): Promise<string> {
  const { doc } = useCanvas.getState();
  const { data, etag } = await createWorkflow(name, toGraph(doc));
  markSaved(doc, { id: data.id, name, etag });
  await queryClient.invalidateQueries({ queryKey: ["workflows"] });
  return data.id;
}

/** Whether saving failed because somebody else saved in between. */
export function isConflict(error: unknown): boolean {
  return toProblem(error).status === 412;
}
