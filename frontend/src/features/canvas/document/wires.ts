/** Which wires may exist, and drawing them. */

import type { Doc, DocEdge } from "./doc";
import { findNode, upstreamIds } from "./doc";
import { edgeId } from "./ids";

export type Refusal = "self" | "cycle" | "terminal" | "noInput";

export interface Ports {
  readonly hasInput: boolean;
  readonly hasOutput: boolean;
}

/** Why a wire from `source` to `target` cannot be; null if it can. */
export function refusal(doc: Doc, ports: (type: string) => Ports, source: string, target: string): Refusal | null {
  const from = findNode(doc, source);
  const to = findNode(doc, target);
  if (!from || !to || source === target) return "self";
  if (!ports(from.type).hasOutput) return "terminal";
  if (!ports(to.type).hasInput) return "noInput";
  return upstreamIds(doc, source).has(target) ? "cycle" : null;
}

/** Draw a wire. A port takes one wire: an older one at the same port gives way. */
export function connect(doc: Doc, source: string, target: string, targetHandle: string | null = null): Doc {
  const edge: DocEdge = { id: edgeId(source, target, targetHandle), source, target, targetHandle };
  const others = doc.edges.filter((each) => each.target !== target || each.targetHandle !== targetHandle);
  return { ...doc, edges: [...others, edge] };
}
