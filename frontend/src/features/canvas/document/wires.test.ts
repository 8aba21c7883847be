import { describe, expect, it } from "vitest";

import { portsOf } from "../kinds";
import type { Doc } from "./doc";
import { connect, refusal } from "./wires";

const node = (id: string, type: string) => ({ id, type, position: { x: 0, y: 0 }, data: {} });

const doc: Doc = connect(
  connect(
    {
      nodes: [node("s", "data_source"), node("a", "filter"), node("b", "sort"), node("c", "line_chart")],
      edges: [],
    },
    "s",
    "a",
  ),
  "a",
  "b",
);

describe("refusal", () => {
  it.each([
    ["a", "a", "self"],
    ["b", "a", "cycle"],
    ["c", "b", "terminal"],
    ["a", "s", "noInput"],
    ["b", "c", null],
    ["a", "c", null],
  ])("of %s → %s is %s", (source, target, expected) => {
    expect(refusal(doc, portsOf, source, target)).toBe(expected);
  });
});

describe("connect", () => {
  it("replaces the wire that ended at the same port", () => {
    const edges = connect(doc, "s", "b").edges.map(({ source, target }) => [source, target]);
    expect(edges).toEqual([
      ["s", "a"],
      ["s", "b"],
    ]);
  });
});
