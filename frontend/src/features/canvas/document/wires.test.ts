import { describe, expect, it } from "vitest";

import { portsOf } from "../kinds";
import type { Doc } from "./doc";
import { feeders, portFor, unmetPorts } from "./ports";
import { connect, refusal, resource } from "./wires";

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

describe("several ports", () => {
  const graph: Doc = {
    nodes: [node("s", "data_source"), node("t", "data_source"), node("u", "data_source"), node("j", "join"), node("m", "union")],
    edges: [],
  };
  const port = (target: string, handle: string | null) => portFor(graph, portsOf, target, handle) ?? undefined;
  const left = connect(graph, "s", "j", port("j", "left"));
  const full = connect(left, "t", "j", port("j", "right"));

  it("are filled in their order when none is named", () => {
    expect(portFor(graph, portsOf, "j", null)?.handle).toBe("left");
    expect(portFor(left, portsOf, "j", null)?.handle).toBe("right");
    expect(portFor(full, portsOf, "j", null)).toBeNull();
  });

  it("may be fed by one node", () => {
    const self = connect(left, "s", "j", port("j", "right"));
    expect(self.edges.map(({ id }) => id)).toEqual(["s->j:left", "s->j:right"]);
    expect(refusal(left, portsOf, "s", "j", "right")).toBeNull();
  });

  it("replace the wire at the port that is named, and no other", () => {
    const replaced = connect(full, "u", "j", port("j", "left"));
    expect(feeders(replaced, portsOf, node("j", "join")).map((each) => each?.id)).toEqual(["u", "t"]);
    expect(refusal(full, portsOf, "u", "j", "left")).toBeNull();
    expect(refusal(full, portsOf, "u", "j", null)).toBe("taken");
  });

  it("say which of them still need a wire", () => {
    expect(unmetPorts(left, portsOf, node("j", "join")).map(({ handle }) => handle)).toEqual(["right"]);
    expect(unmetPorts(full, portsOf, node("j", "join"))).toEqual([]);
    expect(unmetPorts(connect(graph, "s", "m", port("m", null)), portsOf, node("m", "union"))).toHaveLength(1);
  });

  it("that take several wires keep them in order, and none twice", () => {
    const three = ["s", "t", "u"].reduce((doc, source) => connect(doc, source, "m", port("m", null)), graph);
    expect(feeders(three, portsOf, node("m", "union")).map((each) => each?.id)).toEqual(["s", "t", "u"]);
    expect(refusal(three, portsOf, "t", "m")).toBe("twice");
    const [, second] = three.edges;
    const moved = resource({ ...three, nodes: [...three.nodes, node("x", "filter")] }, second?.id ?? "", "x");
    expect(moved.edges.map(({ source }) => source)).toEqual(["s", "x", "u"]);
  });
});
