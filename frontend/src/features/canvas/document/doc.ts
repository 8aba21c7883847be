/**
 * The workflow as a value. Every edit is a pure function from one document to the next; undo is
 * keeping the old one.
 */

import type { GraphDocument } from "@/shared/api/types";

import { freshEdgeId } from "./ids";

export type Config = Readonly<Record<string, unknown>>;

export interface DocNode {
  readonly id: string;
  readonly type: string;
  readonly position: { readonly x: number; readonly y: number };
  readonly data: Config;
  /** What people call it; without one it is called after its type. */
  readonly name?: string;
}

export interface DocEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly targetHandle: string | null;
}

export interface Doc {
  readonly nodes: readonly DocNode[];
  readonly edges: readonly DocEdge[];
  /** The graph's parameters, kept as they came. */
  readonly parameters?: readonly unknown[];
}

export const MAX_NAME = 80;

export const EMPTY_DOC: Doc = { nodes: [], edges: [] };

export function findNode(doc: Doc, id: string | null): DocNode | undefined {
  return id === null ? undefined : doc.nodes.find((node) => node.id === id);
}

/** The nodes whose wires end in this one, in wire order. */
export function inputsOf(doc: Doc, id: string): readonly DocNode[] {
  return doc.edges.filter((edge) => edge.target === id).flatMap((edge) => findNode(doc, edge.source) ?? []);
}

/** The node's ancestors and itself. */
export function upstreamIds(doc: Doc, id: string): ReadonlySet<string> {
  const found = new Set([id]);
  for (const current of found) {
    for (const edge of doc.edges) if (edge.target === current) found.add(edge.source);
  }
  return found;
}

/** Only what a node's rows depend on; positions of nodes are no part of it. */
export function upstreamOf(doc: Doc, id: string): Doc {
  const wanted = upstreamIds(doc, id);
  return {
    ...doc,
    nodes: doc.nodes.filter((node) => wanted.has(node.id)),
    edges: doc.edges.filter((edge) => wanted.has(edge.source) && wanted.has(edge.target)),
  };
}

/** A key that changes exactly when a node's rows could. */
export function contentKey(doc: Doc, id: string): string {
  const { nodes, edges, parameters } = upstreamOf(doc, id);
  return JSON.stringify([
    id,
    parameters,
    nodes.map((node) => [node.id, node.type, node.data]),
    edges.map((edge) => [edge.source, edge.target, edge.targetHandle]),
  ]);
}

/** The document as the server stores and compiles it. */
export function toGraph(doc: Doc): GraphDocument {
  return {
    nodes: doc.nodes.map(({ id, type, position, data, name }) => ({ id, type, position, data, ...(name !== undefined && { name }) })),
    edges: doc.edges.map(({ id, source, target, targetHandle }) => ({ id, source, target, targetHandle })),
    ...(doc.parameters && { parameters: doc.parameters }),
  };
}

/** A stored graph as a document; keys that the canvas does not use are left behind. */
export function fromGraph(graph: GraphDocument): Doc {
  const edges: DocEdge[] = [];
  for (const { id, source, target, targetHandle } of graph.edges) {
    const handle = targetHandle ?? null;
    const taken = edges.some((edge) => edge.id === id);
    const own = id !== undefined && !taken ? id : freshEdgeId(edges, source, target, handle);
    edges.push({ id: own, source, target, targetHandle: handle });
  }
  return {
    nodes: graph.nodes.map(({ id, type, position, data, name }, index) => ({
      id,
      type,
      // A graph written by hand or by another tool may have no positions.
      position: (position as DocNode["position"] | undefined) ?? { x: index * 260, y: 0 },
      data: (data as Config | undefined) ?? {},
      ...(typeof name === "string" && name !== "" && { name }),
    })),
    edges,
    ...(graph.parameters && { parameters: graph.parameters }),
  };
}
