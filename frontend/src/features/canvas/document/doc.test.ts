import { describe, expect, it } from "vitest";

import { contentKey, type Doc, fromGraph, toGraph, upstreamOf } from "./doc";
import { configure, move } from "./edit";
import { connect } from "./wires";

const node = (id: string) => ({ id, type: "filter", position: { x: 0, y: 0 }, data: {} });
const doc: Doc = connect(connect({ nodes: [node("a"), node("b"), node("c")], edges: [] }, "a", "b"), "b", "c");

describe("contentKey", () => {
  const key = contentKey(doc, "b");

  it("does not see positions", () => expect(contentKey(move(doc, new Map([["a", { x: 5, y: 5 }]])), "b")).toBe(key));
  it("does not see what comes after", () => expect(contentKey(configure(doc, "c", { n: 1 }), "b")).toBe(key));
  it("sees what comes before", () => expect(contentKey(configure(doc, "a", { n: 1 }), "b")).not.toBe(key));
  it("sees the wires", () => expect(contentKey({ ...doc, edges: [] }, "b")).not.toBe(key));
});

describe("upstreamOf", () => {
  it("is the node and its ancestors", () => {
    expect(upstreamOf(doc, "b").nodes.map(({ id }) => id)).toEqual(["a", "b"]);
  });
});

describe("graphs", () => {
  it("survive a round trip", () => {
    const full: Doc = { ...doc, parameters: [{ name: "symbol", type: "string", default: "SPY" }] };
    expect(fromGraph(toGraph(full))).toEqual(full);
  });

  it("keep names, and tell wires of one id apart", () => {
    const twice = [{ id: "e", source: "a", target: "u" }, { id: "e", source: "b", target: "u" }, { source: "a", target: "u" }];
    const read = fromGraph({ nodes: [{ id: "a", type: "limit", position: { x: 0, y: 0 }, data: {}, name: "First" }], edges: twice });
    expect(read.nodes[0]?.name).toBe("First");
    expect(read.edges.map(({ id }) => id)).toEqual(["e", "b->u", "a->u"]);
    expect(toGraph(read).nodes[0]).toMatchObject({ name: "First" });
  });

  it("may come without positions and edge ids", () => {
    const bare = { nodes: [{ id: "a", type: "limit" }], edges: [{ source: "a", target: "b" }] };
    expect(fromGraph(bare as never)).toEqual({
      nodes: [{ id: "a", type: "limit", position: { x: 0, y: 0 }, data: {} }],
      edges: [{ id: "a->b", source: "a", target: "b", targetHandle: null }],
    });
  });
});
