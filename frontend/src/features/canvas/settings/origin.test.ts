import { describe, expect, it } from "vitest";

import type { Doc } from "../document/doc";
import { columnOrigin } from "./origin";

type Step = readonly [type: string, data: Record<string, unknown>];

/** A source, these nodes one after the other, and a pivot at the end. */
function chain(...steps: readonly Step[]): Doc {
  const all: readonly Step[] = [["data_source", { database: "d", table: "t" }], ...steps, ["pivot", {}]];
  return {
    nodes: all.map(([type, data], index) => ({ id: `n${index}`, type, data, position: { x: 0, y: 0 } })),
    edges: all.slice(1).map((_, index) => ({ id: `e${index}`, source: `n${index}`, target: `n${index + 1}`, targetHandle: null })),
  };
}

const of = (name: string, ...steps: readonly Step[]) => columnOrigin(chain(...steps), `n${steps.length + 1}`, name)?.column ?? null;

describe("columnOrigin", () => {
  it("finds the table", () => {
    expect(columnOrigin(chain(), "n1", "side")).toEqual({ database: "d", table: "t", column: "side" });
  });

  it("follows a column through nodes that pass it on", () => {
    expect(of("side", ["filter", {}], ["sort", {}], ["limit", {}], ["unique", {}], ["sample", {}], ["select", {}])).toBe("side");
    expect(of("bought", ["rename", { renames: { side: "bought" } }])).toBe("side");
    expect(of("price", ["rename", { renames: { side: "bought" } }])).toBe("price");
    expect(of("side", ["group_by", { group_by: ["side"] }])).toBe("side");
    expect(of("side", ["pivot", { rows: ["side"] }])).toBe("side");
  });

  it("stops at what a node makes", () => {
    expect(of("sum_price", ["group_by", { group_by: ["side"] }])).toBeNull();
    expect(of("size", ["formula", { output_column: "size" }])).toBeNull();
    expect(of("side", ["formula", { output_column: "size" }])).toBe("side");
    expect(of("bucket", ["time_bucket", {}])).toBeNull();
    expect(of("row_number", ["window", { function: "row_number" }])).toBeNull();
    expect(of("side", ["something_else", {}])).toBeNull();
  });

  it("knows nothing of rows from several inputs, or from none", () => {
    const doc = chain(["join", {}]);
    const twice = { ...doc, edges: [...doc.edges, { id: "x", source: "n0", target: "n1", targetHandle: "right" }] };
    expect(columnOrigin(twice, "n2", "side")).toBeNull();
    expect(columnOrigin({ nodes: doc.nodes, edges: [] }, "n1", "side")).toBeNull();
  });
});
