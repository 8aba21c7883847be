import { describe, expect, it } from "vitest";

import { portsOf } from "../kinds";
import { copy, paste, readClip } from "./clipboard";
import type { Doc } from "./doc";
import { connect } from "./wires";

const node = (id: string, type: string, x: number) => ({ id, type, position: { x, y: 0 }, data: { of: id } });

const doc: Doc = connect(
  connect({ nodes: [node("s", "data_source", 0), node("filter_1", "filter", 200), node("x", "sort", 400)], edges: [] }, "s", "filter_1"),
  "filter_1",
  "x",
);

describe("copy and paste", () => {
  const clip = readClip(copy(doc, new Set(["filter_1", "x"])));

  it("carries the chosen nodes and the wires among them", () => {
    expect(clip?.nodes.map(({ id }) => id)).toEqual(["filter_1", "x"]);
    expect(clip?.edges).toHaveLength(1);
  });

  it("gives new ids, moves aside, keeps the configuration", () => {
    if (!clip) throw new Error("nothing was copied");
    const pasted = paste(doc, clip);
    expect([...pasted.ids]).toEqual(["filter_2", "sort_1"]);
    const added = pasted.doc.nodes.slice(3);
    expect(added.map(({ data }) => data)).toEqual([{ of: "filter_1" }, { of: "x" }]);
    expect(added[0]?.position).toEqual({ x: 240, y: 40 });
    expect(pasted.doc.edges.at(-1)).toMatchObject({ source: "filter_2", target: "sort_1" });
  });
});

describe("readClip", () => {
  it.each(["", "hello", "{}", "[1]", "null", '{"kind":"something else"}'])("takes no nodes from %j", (text) => {
    expect(readClip(text)).toBeNull();
  });
});

describe("copies of several inputs", () => {
  const [left, right] = portsOf("join").inputs;
  const joined = connect(connect({ nodes: [node("a", "filter", 0), node("b", "filter", 0), node("j", "join", 200)], edges: [] }, "a", "j", left), "b", "j", right);

  it("keep their ports", () => {
    const clip = readClip(copy(joined, new Set(["a", "b", "j"])));
    const { doc: pasted } = paste(joined, clip ?? { nodes: [], edges: [] });
    expect(pasted.edges.slice(2).map(({ target, targetHandle }) => [target, targetHandle])).toEqual([
      ["join_1", "left"],
      ["join_1", "right"],
    ]);
    expect(new Set(pasted.edges.map(({ id }) => id)).size).toBe(4);
  });
});
