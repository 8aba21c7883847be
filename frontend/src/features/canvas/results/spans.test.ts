import { describe, expect, it } from "vitest";

import type { CompileAnswer, NodeReport } from "@/shared/api/types";

import { nodeAt, spansIn } from "./spans";

const report = (span: [number, number] | null, statement: number | null = 0): NodeReport => ({
  merged_into: null,
  barrier: null,
  detail: "",
  sql_span: span,
  store: "clickhouse",
  statement,
  rollup: null,
});

const answer = (sql: readonly string[], nodes: Readonly<Record<string, NodeReport>>): CompileAnswer => ({
  residual: null,
  statements: sql.map((text) => ({ store: "clickhouse", dialect: "clickhouse", sql: text })),
  columns: [],
  nodes,
  lineage: {},
  reads: { tables: [], symbols: "*", details: [] },
  freshness: "batch",
  plan_hash: "",
});

describe("spansIn", () => {
  it("counts code points as the server does, and units as the browser does", () => {
    const made = answer(["SELECT '🙂' FROM t"], { filter: report([8, 9]), limit: report(null) });
    expect(spansIn(made, 0)).toEqual([{ node: "filter", from: 8, to: 10 }]);
  });

  it("keeps statements apart", () => {
    const made = answer(["SELECT 1", "SELECT 2"], { a: report([0, 8]), b: report([0, 6], 1) });
    expect(spansIn(made, 0).map(({ node }) => node)).toEqual(["a"]);
    expect(spansIn(made, 1).map(({ node }) => node)).toEqual(["b"]);
    expect(spansIn(answer(["SELECT 1"], { c: report([0, 8], null) }), 0)).toEqual([]);
  });
});

describe("nodeAt", () => {
  const spans = [
    { node: "join", from: 0, to: 100 },
    { node: "left", from: 10, to: 40 },
    { node: "filter", from: 30, to: 40 },
  ];

  it.each([
    [5, "join"],
    [10, "left"],
    [35, "filter"],
    [40, "join"],
    [100, null],
  ])("at %i is %s", (offset, node) => {
    expect(nodeAt(spans, offset)).toBe(node);
  });
});
