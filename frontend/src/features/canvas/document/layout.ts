/** Layered layout: a node stands one column to the right of its furthest input. */

import type { Doc } from "./doc";
import { COLUMN_STEP, move, type Point, ROW_STEP } from "./edit";

export function tidy(doc: Doc): Doc {
  const depth = depths(doc);
  const rows = new Map<number, number>();
  const placed = new Map<string, Point>();
  const order = [...doc.nodes].sort((a, b) => (depth.get(a.id) ?? 0) - (depth.get(b.id) ?? 0));
  for (const node of order) {
    const column = depth.get(node.id) ?? 0;
    const inputRows = doc.edges
      .filter((edge) => edge.target === node.id)
      .map((edge) => (placed.get(edge.source)?.y ?? 0) / ROW_STEP);
    const row = Math.max(rows.get(column) ?? 0, Math.min(...inputRows, Infinity) === Infinity ? 0 : Math.min(...inputRows));
    rows.set(column, row + 1);
    placed.set(node.id, { x: column * COLUMN_STEP, y: row * ROW_STEP });
  }
  return move(doc, placed);
}

/** Length of the longest path that leads to each node. */
function depths(doc: Doc): ReadonlyMap<string, number> {
  const depth = new Map(doc.nodes.map((node) => [node.id, 0]));
  // A graph without cycles settles after at most one round per node.
  let rounds = doc.nodes.length;
  for (let changed = true; changed && rounds > 0; rounds--) {
    changed = false;
    for (const { source, target } of doc.edges) {
      const wanted = (depth.get(source) ?? 0) + 1;
      if (wanted > (depth.get(target) ?? 0)) {
        depth.set(target, wanted);
        changed = true;
      }
    }
  }
  return depth;
}
