import { describe, expect, it } from "vitest";

import { boxOf, frameAround, membersOf, refit, withMembers } from "./decorations";
import type { Doc, DocNode } from "./doc";
import { move } from "./edit";

const node = (id: string, type: string, x: number, y: number, data = {}): DocNode => ({ id, type, position: { x, y }, data });

const group = node("g", "group", 0, 0, { width: 400, height: 300 });
const doc: Doc = {
  nodes: [group, node("a", "filter", 40, 60), node("n", "note", 50, 180), node("b", "sort", 390, 60)],
  edges: [],
};

describe("frames", () => {
  it("hold what has its middle in them", () => expect([...membersOf(doc, group)]).toEqual(["a", "n"]));

  it("take along what they hold, but not what is moved by itself", () => {
    const moved = withMembers(doc, new Map([["g", { x: 100, y: 10 }], ["n", { x: 0, y: 0 }]]), (each) => membersOf(doc, each));
    expect([...moved]).toEqual([
      ["g", { x: 100, y: 10 }],
      ["n", { x: 0, y: 0 }],
      ["a", { x: 140, y: 70 }],
    ]);
  });

  it("are drawn around nodes with room for the title", () => {
    const frame = frameAround(doc.nodes.slice(1, 2));
    expect(frame?.position.y).toBeLessThan(60 - 20);
    expect(frameAround([])).toBeNull();
  });

  it("follow what they held, and stay where that is nothing", () => {
    const after = refit(doc, move(doc, new Map([["a", { x: 1000, y: 0 }]])));
    expect(after.nodes[0]?.position.x).toBeLessThan(60);
    expect(boxOf(after.nodes[0] ?? group).width).toBeGreaterThan(1000);
    const empty: Doc = { nodes: [group], edges: [] };
    expect(refit(empty, empty)).toEqual(empty);
  });
});

describe("boxOf", () => {
  it("makes something of strange sizes", () => {
    expect(boxOf(node("n", "note", 0, 0, { width: "wide", height: -1 }))).toEqual(boxOf(node("n", "note", 0, 0)));
  });
});
