/** Edits of nodes: configure, move, remove, insert. */

import type { Config, Doc, DocNode } from "./doc";
import { findNode, inputsOf } from "./doc";
import { freshId, nodeIds } from "./ids";
import { connect, type Ports } from "./wires";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const COLUMN_STEP = 212;
export const ROW_STEP = 120;

/** Replace a node's configuration. */
export function configure(doc: Doc, id: string, data: Config): Doc {
  return { ...doc, nodes: doc.nodes.map((node) => (node.id === id ? { ...node, data } : node)) };
}

export function move(doc: Doc, positions: ReadonlyMap<string, Point>): Doc {
  const nodes = doc.nodes.map((node) => {
    const position = positions.get(node.id);
    return position ? { ...node, position } : node;
  });
  return { ...doc, nodes };
}

/**
 * Remove nodes and wires. A node that leaves from between two others lets them join: its only input
 * takes over its outputs.
 */
export function remove(doc: Doc, nodes: ReadonlySet<string>, edges: ReadonlySet<string> = new Set()): Doc {
  let left: Doc = { ...doc, edges: doc.edges.filter((edge) => !edges.has(edge.id)) };
  for (const id of nodes) left = removeOne(left, id);
  return left;
}

function removeOne(doc: Doc, id: string): Doc {
  const inputs = doc.edges.filter((edge) => edge.target === id);
  const outputs = doc.edges.filter((edge) => edge.source === id);
  const rest: Doc = {
    ...doc,
    nodes: doc.nodes.filter((node) => node.id !== id),
    edges: doc.edges.filter((edge) => edge.source !== id && edge.target !== id),
  };
  const [input, ...more] = inputs;
  if (!input || more.length > 0) return rest;
  return outputs.reduce((joined, output) => connect(joined, input.source, output.target, output.targetHandle), rest);
}

/** Where a new node can feed from when `selected` is active: that node, or what an end point shows. */
export function feederOf(doc: Doc, ports: (type: string) => Ports, selected: string | null): DocNode | undefined {
  const node = findNode(doc, selected);
  if (!node || ports(node.type).hasOutput) return node;
  return inputsOf(doc, node.id)[0];
}

/** The nearest free place at or below `wanted`. */
export function freePlace(doc: Doc, wanted: Point): Point {
  const taken = ({ x, y }: Point) =>
    doc.nodes.some(
      ({ position }) => Math.abs(position.x - x) < COLUMN_STEP - 30 && Math.abs(position.y - y) < ROW_STEP - 20,
    );
  let place = wanted;
  while (taken(place)) place = { x: place.x, y: place.y + ROW_STEP };
  return place;
}

/** Add a node; `from` also draws the wire to it. */
export function insert(
  doc: Doc,
  node: { readonly type: string; readonly data: Config; readonly position: Point },
  from: string | null,
): { readonly doc: Doc; readonly id: string } {
  const id = freshId(nodeIds(doc), node.type);
  const added: Doc = { ...doc, nodes: [...doc.nodes, { id, ...node }] };
  return { doc: from === null ? added : connect(added, from, id), id };
}

/** Put a new node into an existing wire. */
export function splice(
  doc: Doc,
  edge: string,
  node: { readonly type: string; readonly data: Config; readonly position: Point },
): { readonly doc: Doc; readonly id: string } {
  const wire = doc.edges.find((each) => each.id === edge);
  const added = insert(doc, node, wire?.source ?? null);
  if (!wire) return added;
  return { doc: connect(added.doc, added.id, wire.target, wire.targetHandle), id: added.id };
}
