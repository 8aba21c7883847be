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

/** A wire's id says where it leads: `a->b:left`; a second one of the same kind is `a->b#2`. */
export function freshEdgeId(
  edges: readonly { readonly id: string }[],
  source: string,
  target: string,
  targetHandle: string | null,
): string {
  const plain = targetHandle === null ? `${source}->${target}` : `${source}->${target}:${targetHandle}`;
  const taken = new Set(edges.map((edge) => edge.id));
  let id = plain;
  for (let number = 2; taken.has(id); number++) id = `${plain}#${number}`;
  return id;
}
