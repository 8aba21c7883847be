/** Edits of nodes: configure, move, remove, insert. */

import type { Config, Doc, DocNode } from "./doc";
import { findNode, inputsOf, MAX_NAME } from "./doc";
import { freshId, nodeIds } from "./ids";
import { ONE_INPUT, type Port, type PortsOf } from "./ports";
import { connect, resource } from "./wires";

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

/** Call a node by a name of its own; an empty one gives it back the name of its type. */
export function rename(doc: Doc, id: string, name: string): Doc {
  const given = name.trim().slice(0, MAX_NAME);
  const nodes = doc.nodes.map((node) => {
    if (node.id !== id) return node;
    const { name: _before, ...rest } = node;
    return given === "" ? rest : { ...rest, name: given };
  });
  return { ...doc, nodes };
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
 * takes over its outputs, at their ports and in their places.
 */
export function remove(doc: Doc, nodes: ReadonlySet<string>, edges: ReadonlySet<string> = new Set()): Doc {
  let left: Doc = { ...doc, edges: doc.edges.filter((edge) => !edges.has(edge.id)) };
  for (const id of nodes) left = removeOne(left, id);
  return left;
}

function removeOne(doc: Doc, id: string): Doc {
  const inputs = doc.edges.filter((edge) => edge.target === id);
  const outputs = doc.edges.filter((edge) => edge.source === id);
  const [input, ...more] = inputs;
  const bridged = input && more.length === 0
    ? outputs.reduce((joined, output) => resource(joined, output.id, input.source), doc)
    : doc;
  return {
    ...bridged,
    nodes: doc.nodes.filter((node) => node.id !== id),
    edges: bridged.edges.filter((edge) => edge.source !== id && edge.target !== id),
  };
}

/** Where a new node can feed from when `selected` is active: that node, or what an end point shows. */
export function feederOf(doc: Doc, ports: PortsOf, selected: string | null): DocNode | undefined {
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

export type NewNode = Pick<DocNode, "type" | "data" | "position">;

/** Add a node; `from` also draws the wire to its `port`. */
export function insert(
  doc: Doc,
  node: NewNode,
  from: string | null,
  port: Port = ONE_INPUT,
): { readonly doc: Doc; readonly id: string } {
  const id = freshId(nodeIds(doc), node.type);
  const added: Doc = { ...doc, nodes: [...doc.nodes, { id, ...node }] };
  return { doc: from === null ? added : connect(added, from, id, port), id };
}

/** Put a new node into an existing wire, which then ends at the node's `port`. */
export function splice(
  doc: Doc,
  edge: string,
  node: NewNode,
  port: Port = ONE_INPUT,
): { readonly doc: Doc; readonly id: string } {
  const wire = doc.edges.find((each) => each.id === edge);
  const added = insert(doc, node, wire?.source ?? null, port);
  return wire ? { doc: resource(added.doc, wire.id, added.id), id: added.id } : added;
}
