/** Copies of parts of a workflow as JSON text, so that they travel between workflows and windows. */

import type { Doc, DocEdge } from "./doc";
import { freshEdgeId, freshId, nodeIds } from "./ids";

const MARK = "flowforge/nodes";
const SHIFT = 40;

interface Clip extends Doc {
  readonly kind: typeof MARK;
}

/** The chosen nodes and the wires among them. */
export function copy(doc: Doc, chosen: ReadonlySet<string>): string {
  const clip: Clip = {
    kind: MARK,
    nodes: doc.nodes.filter((node) => chosen.has(node.id)),
    edges: doc.edges.filter((edge) => chosen.has(edge.source) && chosen.has(edge.target)),
  };
  return JSON.stringify(clip);
}

/** The copied part, or null if the text is something else. */
export function readClip(text: string): Doc | null {
  try {
    const value: unknown = JSON.parse(text);
    return isClip(value) ? value : null;
  } catch {
    return null;
  }
}

/** The mark is ours, so what carries it was written by `copy`. */
function isClip(value: unknown): value is Clip {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === MARK;
}

/** Add a copied part under new ids, a little aside; returns the new document and the new ids. */
export function paste(doc: Doc, clip: Doc): { readonly doc: Doc; readonly ids: ReadonlySet<string> } {
  const taken = new Set(nodeIds(doc));
  const renamed = new Map<string, string>();
  for (const node of clip.nodes) {
    const id = freshId(taken, node.type);
    taken.add(id);
    renamed.set(node.id, id);
  }
  const nodes = clip.nodes.map((node) => ({
    ...node,
    id: renamed.get(node.id) ?? node.id,
    position: { x: node.position.x + SHIFT, y: node.position.y + SHIFT },
  }));
  const edges: DocEdge[] = [...doc.edges];
  for (const edge of clip.edges) {
    const source = renamed.get(edge.source);
    const target = renamed.get(edge.target);
    if (source === undefined || target === undefined) continue;
    edges.push({ ...edge, id: freshEdgeId(edges, source, target, edge.targetHandle), source, target });
  }
  return {
    doc: { ...doc, nodes: [...doc.nodes, ...nodes], edges },
    ids: new Set(renamed.values()),
  };
}
