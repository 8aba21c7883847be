/** What a node's face says about it, told by words and shape and not by colour alone. */

import type { Problem } from "@/shared/schema/errors";
import type { NodeOutcome } from "@/shared/schema/outcome";

import type { Doc, DocNode } from "../document/doc";
import { isWired, upstreamOf } from "../document/doc";
import { kindOf } from "../kinds";

export type Status =
  | { readonly state: "ok" }
  | { readonly state: "unconfigured" | "missing" | "blocked" }
  | { readonly state: "error"; readonly problems: readonly Problem[] };

/** `wired`: whether any wire ends in the node. */
export function statusOf(node: DocNode, wired: boolean, outcome: NodeOutcome | undefined): Status {
  const kind = kindOf(node.type);
  if (kind.hasInput && !wired) return { state: "missing" };
  if (!kind.configured(node.data)) return { state: "unconfigured" };
  if (outcome && outcome.problems.length > 0) return { state: "error", problems: outcome.problems };
  return outcome?.schema ? { state: "ok" } : { state: "blocked" };
}

/** The first node, from the source on, that keeps `id` from having rows; null if nothing does. */
export function obstacle(
  doc: Doc,
  outcomes: ReadonlyMap<string, NodeOutcome>,
  id: string,
): { readonly node: DocNode; readonly status: Status } | null {
  let found: { node: DocNode; status: Status } | null = null;
  for (const node of upstreamOf(doc, id).nodes) {
    const status = statusOf(node, isWired(doc, node.id), outcomes.get(node.id));
    if (status.state === "ok") continue;
    // A blocked node only waits for another; name that one.
    if (found === null || found.status.state === "blocked") found = { node, status };
  }
  return found;
}
