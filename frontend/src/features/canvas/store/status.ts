/** What a node's face says about it, told by words and shape and not by colour alone. */

import type { Problem } from "@/shared/schema/errors";
import type { NodeOutcome } from "@/shared/schema/outcome";

import type { Doc, DocNode } from "../document/doc";
import { upstreamOf } from "../document/doc";
import { type Port, unmetPorts } from "../document/ports";
import { kindOf, portsOf } from "../kinds";

export type Status =
  | { readonly state: "ok" }
  | { readonly state: "unconfigured" | "blocked" }
  | { readonly state: "missing"; readonly ports: readonly Port[] }
  | { readonly state: "error"; readonly problems: readonly Problem[] };

export function statusOf(doc: Doc, node: DocNode, outcome: NodeOutcome | undefined): Status {
  return statusWith(node, unmetPorts(doc, portsOf, node), outcome);
}

/** `unmet`: the ports that still need a wire. */
export function statusWith(node: DocNode, unmet: readonly Port[], outcome: NodeOutcome | undefined): Status {
  const kind = kindOf(node.type);
  if (unmet.length > 0) return { state: "missing", ports: unmet };
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
    const status = statusOf(doc, node, outcomes.get(node.id));
    if (status.state === "ok") continue;
    // A blocked node only waits for another; name that one.
    if (found === null || found.status.state === "blocked") found = { node, status };
  }
  return found;
}
