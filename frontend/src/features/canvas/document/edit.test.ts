import { describe, expect, it } from "vitest";

import { portsOf } from "../kinds";
import { type Doc, EMPTY_DOC } from "./doc";
import { configure, feederOf, freePlace, insert, move, remove, rename, splice } from "./edit";
import { connect } from "./wires";

const at = (x: number, y = 0) => ({ x, y });

/** source → filter → chart, with the ids that `insert` gives. */
function chain(...types: string[]): Doc {
  let built = { doc: EMPTY_DOC, id: null as string | null };
  types.forEach((type, index) => {
    built = insert(built.doc, { type, data: {}, position: at(index * 300) }, built.id);
  });
  return built.doc;
}

const wires = (doc: Doc) => doc.edges.map(({ source, target }) => `${source}->${target}`);

describe("insert", () => {
  it("numbers ids per type and draws the wire", () => {
    const doc = chain("data_source", "filter", "filter");
    expect(doc.nodes.map((node) => node.id)).toEqual(["data_source_1", "filter_1", "filter_2"]);
    expect(wires(doc)).toEqual(["data_source_1->filter_1", "filter_1->filter_2"]);
  });

  it("uses the first free number again", () => {
    const doc = remove(chain("filter", "filter"), new Set(["filter_1"]));
    expect(insert(doc, { type: "filter", data: {}, position: at(0) }, null).id).toBe("filter_1");
  });
});

describe("remove", () => {
  it("joins what stood before and after", () => {
    const doc = remove(chain("data_source", "filter", "sort"), new Set(["filter_1"]));
    expect(wires(doc)).toEqual(["data_source_1->sort_1"]);
  });

  it("joins across several that leave together", () => {
    const doc = remove(chain("data_source", "filter", "sort", "limit"), new Set(["filter_1", "sort_1"]));
    expect(wires(doc)).toEqual(["data_source_1->limit_1"]);
  });

  it("leaves no wire behind where there was no input", () => {
    expect(wires(remove(chain("data_source", "filter"), new Set(["data_source_1"])))).toEqual([]);
  });

  it("removes a wire alone", () => {
    const doc = chain("data_source", "filter");
    expect(wires(remove(doc, new Set(), new Set([doc.edges[0]?.id ?? ""])))).toEqual([]);
  });
});

describe("splice", () => {
  it("puts a node into a wire, which keeps its place among the others", () => {
    const doc = chain("data_source", "limit");
    const spliced = splice(doc, doc.edges[0]?.id ?? "", { type: "filter", data: {}, position: at(0) });
    expect(wires(spliced.doc)).toEqual(["filter_1->limit_1", "data_source_1->filter_1"]);
  });
});

describe("configure and move", () => {
  it("leave every other node the same object", () => {
    const doc = chain("data_source", "filter");
    const configured = configure(doc, "filter_1", { logic: "OR" });
    expect(configured.nodes[0]).toBe(doc.nodes[0]);
    expect(configured.nodes[1]?.data).toEqual({ logic: "OR" });
    const moved = move(doc, new Map([["filter_1", at(7, 8)]]));
    expect(moved.nodes[0]).toBe(doc.nodes[0]);
    expect(moved.nodes[1]?.position).toEqual(at(7, 8));
  });
});

describe("feederOf", () => {
  const doc = chain("data_source", "filter", "line_chart");

  it("is the selected node", () => expect(feederOf(doc, portsOf, "filter_1")?.id).toBe("filter_1"));
  it("is what an end point shows", () => expect(feederOf(doc, portsOf, "line_chart_1")?.id).toBe("filter_1"));
  it("is nothing without a selection", () => expect(feederOf(doc, portsOf, null)).toBeUndefined());
});

describe("freePlace", () => {
  it("moves down until nothing is in the way", () => {
    const doc = chain("data_source");
    expect(freePlace(doc, at(0))).toEqual({ x: 0, y: 120 });
    expect(freePlace(doc, at(900))).toEqual(at(900));
  });
});

describe("nodes with several inputs", () => {
  const join = (): Doc => {
    const sources = chain("data_source", "filter");
    const right = insert(sources, { type: "data_source", data: {}, position: at(0, 200) }, null);
    const added = insert(right.doc, { type: "join", data: {}, position: at(600) }, "filter_1", portsOf("join").inputs[0]);
    return connect(added.doc, right.id, added.id, portsOf("join").inputs[1]);
  };
  const ends = (doc: Doc) => doc.edges.map(({ source, target, targetHandle }) => [source, target, targetHandle]);

  it("keep their ports when a node before them is taken out", () => {
    expect(ends(remove(join(), new Set(["filter_1"])))).toEqual([
      ["data_source_1", "join_1", "left"],
      ["data_source_2", "join_1", "right"],
    ]);
  });

  it("leave nothing behind them connected when they go", () => {
    const behind = insert(join(), { type: "limit", data: {}, position: at(900) }, "join_1");
    expect(ends(remove(behind.doc, new Set(["join_1"])))).toEqual([["data_source_1", "filter_1", null]]);
  });

  it("take the wire they are put into at their first port", () => {
    const doc = chain("data_source", "limit");
    const spliced = splice(doc, doc.edges[0]?.id ?? "", { type: "join", data: {}, position: at(0) }, portsOf("join").inputs[0]);
    expect(ends(spliced.doc)).toEqual([
      ["join_1", "limit_1", null],
      ["data_source_1", "join_1", "left"],
    ]);
  });
});

describe("rename", () => {
  it("gives a name, and takes it away again", () => {
    const named = rename(chain("filter"), "filter_1", "  Only AAPL ");
    expect(named.nodes[0]?.name).toBe("Only AAPL");
    expect(rename(named, "filter_1", " ").nodes[0]).not.toHaveProperty("name");
  });
});
