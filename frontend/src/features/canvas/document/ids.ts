import type { Doc } from "./doc";

/** The first free id of the form `filter_1`. */
export function freshId(taken: ReadonlySet<string>, kind: string): string {
  for (let number = 1; ; number++) {
    const id = `${kind}_${number}`;
    if (!taken.has(id)) return id;
  }
}

export function nodeIds(doc: Doc): ReadonlySet<string> {
  return new Set(doc.nodes.map((node) => node.id));
}

export function edgeId(source: string, target: string, targetHandle: string | null): string {
  return targetHandle === null ? `${source}->${target}` : `${source}->${target}:${targetHandle}`;
}
