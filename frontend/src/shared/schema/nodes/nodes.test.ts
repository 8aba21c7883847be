import { describe, expect, it } from "vitest";

import { atNode, GraphError } from "../errors";
import { NODE_KINDS } from "../generated/nodes";
import { caseFiles, readCases } from "../testing/cases";
import { problemOf } from "../testing/problem";
import { formatSchema, parseSchema, type WireColumn } from "../types";
import { inferSchema, isNodeKind, readConfig } from ".";

interface NodeCase {
  title: string;
  config: unknown;
  inputs: WireColumn[][];
  output?: WireColumn[];
  error?: { code: string; field?: string; column?: string; position?: number };
}

it("has a file of cases for every kind", () => {
  expect(caseFiles("nodes")).toEqual([...NODE_KINDS].sort());
});

describe.each(NODE_KINDS)("%s", (kind) => {
  const cases = readCases<NodeCase>(`nodes/${kind}.json`);

  it.each(cases)("$title", ({ config, inputs, output, error }) => {
    const infer = () => inferSchema(kind, readConfig(kind, config), inputs.map(parseSchema));
    if (error) expect(problemOf(infer)).toMatchObject(error);
    else expect(formatSchema(infer())).toEqual(output);
  });
});

describe("kinds", () => {
  it("are known by name only", () => {
    expect(isNodeKind("filter")).toBe(true);
    expect(isNodeKind("Filter")).toBe(false);
    expect(isNodeKind("constructor")).toBe(false);
  });
});

describe("problems", () => {
  it("keep the node that a deeper layer named", () => {
    const { problem } = new GraphError("cycle", "…", { node_id: "a" });
    expect(atNode(problem, "b").node_id).toBe("a");
    expect(atNode(new GraphError("cycle", "…").problem, "b").node_id).toBe("b");
  });
});
