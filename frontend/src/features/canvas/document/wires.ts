/** Which wires may exist, and drawing them. */

import type { Doc, DocEdge } from "./doc";
import { findNode, upstreamIds } from "./doc";
import { freshEdgeId } from "./ids";
import { ONE_INPUT, type Port, portFor, type PortsOf, wiresAt } from "./ports";

export type Refusal = "self" | "cycle" | "terminal" | "noInput" | "taken" | "full" | "twice";

/**
 * Why a wire from `source` to `target` cannot be; null if it can. `handle` names the port that is
 * meant, null leaves the choice open.
 */
export function refusal(
  doc: Doc,
  ports: PortsOf,
  source: string,
  target: string,
  handle: string | null = null,
): Refusal | null {
  const from = findNode(doc, source);
  const to = findNode(doc, target);
  if (!from || !to || source === target) return "self";
  if (!ports(from.type).hasOutput) return "terminal";
  if (ports(to.type).inputs.length === 0) return "noInput";
  if (upstreamIds(doc, source).has(target)) return "cycle";
  const port = portFor(doc, ports, target, handle);
  if (!port) return "taken";
  if (port.most === 1) return null;
  const wires = wiresAt(doc, target, port);
  if (wires.some((wire) => wire.source === source)) return "twice";
  return wires.length < port.most ? null : "full";
}

/** The wires that a new one at this port would push out. */
export function replacedAt(doc: Doc, target: string, port: Port): readonly DocEdge[] {
  return port.most === 1 ? wiresAt(doc, target, port) : [];
}

/** Draw a wire. A port for one wire lets go of an older one; any other takes it as its last. */
export function connect(doc: Doc, source: string, target: string, port: Port = ONE_INPUT): Doc {
  const replaced = new Set(replacedAt(doc, target, port));
  const others = doc.edges.filter((edge) => !replaced.has(edge));
  const edge: DocEdge = {
    id: freshEdgeId(others, source, target, port.handle),
    source,
    target,
    targetHandle: port.handle,
  };
  return { ...doc, edges: [...others, edge] };
}

/** Let a wire come from another node; its port and its place among the wires stay. */
export function resource(doc: Doc, id: string, source: string): Doc {
  const others = doc.edges.filter((edge) => edge.id !== id);
  const edges = doc.edges.map((edge) =>
    edge.id === id ? { ...edge, id: freshEdgeId(others, source, edge.target, edge.targetHandle), source } : edge,
  );
  return { ...doc, edges };
}
