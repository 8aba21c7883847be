import { describe, expect, it } from "vitest";

import { MAX_EDGES, MAX_ID_LENGTH, MAX_NODES, parseGraph } from "./graph";
import { readCases } from "./testing/cases";
import { problemOf } from "./testing/problem";

interface GraphCase {
  title: string;
  graph: unknown;
  order?: string[];
  error?: { code: string; node_id?: string; field?: string };
}

describe("graph cases", () => {
  const cases = readCases<GraphCase>("graph/graph.json");
  expect(cases.length).toBeGreaterThanOrEqual(20);

  it.each(cases)("$title", ({ graph, order, error }) => {
    if (!error) {
      expect(parseGraph(graph).ordered.map((node) => node.id)).toEqual(order);
      return;
    }
    const { code, node_id, field } = problemOf(() => parseGraph(graph));
    expect({ code, node_id, field }).toEqual({ code: error.code, node_id: error.node_id, field: error.field });
  });
});

describe("bounds", () => {
  const nodes = Array.from({ length: MAX_NODES }, (_, n) => ({ id: String(n), type: "x" }));
  const edges = Array.from({ length: MAX_EDGES }, () => ({ source: "0", target: "1" }));

  it("are met exactly", () => {
    expect(parseGraph({ nodes, edges }).nodes.size).toBe(MAX_NODES);
    expect(parseGraph({ nodes: [{ id: "😀".repeat(MAX_ID_LENGTH), type: "x" }] }).nodes.size).toBe(1);
  });

  it.each([
    { nodes: [...nodes, { id: "more", type: "x" }] },
    { nodes, edges: [...edges, { source: "0", target: "1" }] },
  ])("are not passed", (document) => {
    expect(problemOf(() => parseGraph(document)).code).toBe("graph_too_large");
  });
});
