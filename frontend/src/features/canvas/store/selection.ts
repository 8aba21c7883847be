import type { DocNode } from "../document/doc";
import { type CanvasState, useCanvas } from "./canvas";

/** The id of the selected node if exactly one is selected. */
export function onlySelected({ nodes }: Pick<CanvasState, "nodes">): string | null {
  const [first, ...more] = nodes;
  return first !== undefined && more.length === 0 ? first : null;
}

export function useSelectedNode(): DocNode | undefined {
  return useCanvas((state) => {
    const id = onlySelected(state);
    return id === null ? undefined : state.doc.nodes.find((node) => node.id === id);
  });
}
