/** Where wires may end: the input ports of node types, and the wires at one of them. */

import type { Port } from "@/shared/schema/node_description";

import { type Doc, type DocEdge, type DocNode, findNode } from "./doc";

export type { Port };

/** What a node type lets be connected. */
export interface Ports {
  readonly inputs: readonly Port[];
  readonly hasOutput: boolean;
}

export type PortsOf = (type: string) => Ports;

/** The port of most node types. */
export const ONE_INPUT: Port = { handle: null, least: 1, most: 1 };

/** The wires at a port, in document order. A node's only port takes every wire, whatever its handle is called. */
export function wiresAt(doc: Doc, target: string, port: Port): readonly DocEdge[] {
  return doc.edges.filter(
    (edge) => edge.target === target && (port.handle === null || edge.targetHandle === port.handle),
  );
}

/** The ports of a node that still need a wire. */
export function unmetPorts(doc: Doc, ports: PortsOf, node: DocNode): readonly Port[] {
  return ports(node.type).inputs.filter((port) => wiresAt(doc, node.id, port).length < port.least);
}

/**
 * The port where a wire to `target` ends: the one that `handle` names, or else the first with room.
 * Null if there is none.
 */
export function portFor(doc: Doc, ports: PortsOf, target: string, handle: string | null): Port | null {
  const node = findNode(doc, target);
  if (!node) return null;
  const { inputs } = ports(node.type);
  const [only, ...more] = inputs;
  if (only && more.length === 0) return only;
  const named = inputs.find((port) => port.handle === handle);
  return named ?? inputs.find((port) => wiresAt(doc, target, port).length < port.most) ?? null;
}

/**
 * The nodes that feed this one, port by port: one place per port, null where nothing is wired; a port
 * that takes several wires has one place per wire.
 */
export function feeders(doc: Doc, ports: PortsOf, node: DocNode): readonly (DocNode | null)[] {
  return ports(node.type).inputs.flatMap((port): readonly (DocNode | null)[] => {
    const sources = wiresAt(doc, node.id, port).map((edge) => findNode(doc, edge.source) ?? null);
    return port.most > 1 ? sources : [sources[0] ?? null];
  });
}
