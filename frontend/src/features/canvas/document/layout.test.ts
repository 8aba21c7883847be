import { expect, it } from "vitest";

import type { Doc } from "./doc";
import { COLUMN_STEP } from "./edit";
import { tidy } from "./layout";
import { connect } from "./wires";

const node = (id: string) => ({ id, type: "filter", position: { x: 13, y: 37 }, data: {} });

it("puts every node one column after its furthest input, and none on another", () => {
  let doc: Doc = { nodes: ["d", "c", "b", "a", "e"].map(node), edges: [] };
  for (const [from, to] of [["a", "b"], ["b", "c"], ["c", "d"], ["b", "e"]] as const) doc = connect(doc, from, to);
  const placed = new Map(tidy(doc).nodes.map(({ id, position }) => [id, position]));
  expect(["a", "b", "c", "d", "e"].map((id) => (placed.get(id)?.x ?? 0) / COLUMN_STEP)).toEqual([0, 1, 2, 3, 2]);
  expect(new Set([...placed.values()].map(({ x, y }) => `${x},${y}`)).size).toBe(5);
});

it("gives each of 200 nodes a place of its own", () => {
  let doc: Doc = { nodes: Array.from({ length: 200 }, (_, index) => node(`n${index}`)), edges: [] };
  for (let index = 1; index < 200; index++) doc = connect(doc, `n${Math.floor(index / 2)}`, `n${index}`);
  expect(new Set(tidy(doc).nodes.map(({ position: { x, y } }) => `${x},${y}`)).size).toBe(200);
});
