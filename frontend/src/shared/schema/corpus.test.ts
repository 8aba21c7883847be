/**
 * A few thousand random graphs and formulas with what Python makes of them: the browser must agree
 * on every schema, and on code and place of every problem. Python writes them here and now, so that
 * they are never stale; set FLOWFORGE_CORPUS_SEED to try others.
 */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { beforeAll, describe, expect, it, vi } from "vitest";

import { readCatalogue, type WireTable } from "./catalogue";
import type { Problem } from "./errors";
import { typeFormula } from "./formula/typing";
import { propagate } from "./propagate";
import { problemOf } from "./testing/problem";
import { formatSchema, formatType, type WireColumn } from "./types";

const GRAPHS = 5000;
const FORMULAS = 3000;

type Place = Pick<Problem, "code" | "node_id" | "field" | "column" | "position">;
type Outcome = { schema: WireColumn[] } | { problems: Place[] };

interface GraphLine {
  graph: { nodes: { id: string }[] };
  expected: { problem: Place } | { nodes: Record<string, Outcome> };
}

interface FormulaLine {
  formula: string;
  table: string;
  expected: { problem: Place } | { type: string; nullable: boolean };
}

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const python = process.env["FLOWFORGE_PYTHON"] ?? `${root}.venv/bin/python`;
const seed = process.env["FLOWFORGE_CORPUS_SEED"] ?? "1";

let tables: WireTable[] = [];
let graphs: GraphLine[] = [];
let formulas: FormulaLine[] = [];

vi.setConfig({ testTimeout: 60_000, hookTimeout: 240_000 });

beforeAll(() => {
  if (!existsSync(python)) throw new Error(`${python} is missing: run scripts/up, or set FLOWFORGE_PYTHON`);
  const counts = ["--graphs", String(GRAPHS), "--formulas", String(FORMULAS)];
  const text = execFileSync(python, ["-m", "flowforge_local.corpus", "--seed", seed, ...counts], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line) as object);
  tables = lines.flatMap((line) => ("tables" in line ? (line.tables as WireTable[]) : []));
  graphs = lines.filter((line): line is GraphLine => "graph" in line);
  formulas = lines.filter((line): line is FormulaLine => "formula" in line);
});

describe("the corpus", () => {
  it("is as large and as varied as it should be", () => {
    expect(graphs).toHaveLength(GRAPHS);
    expect(formulas).toHaveLength(FORMULAS);
    const outcomes = graphs.flatMap(({ expected }) => ("nodes" in expected ? Object.values(expected.nodes) : []));
    expect(outcomes.filter((outcome) => "schema" in outcome).length).toBeGreaterThan(GRAPHS * 2);
    const codes = new Set(
      [...graphs, ...formulas].flatMap(({ expected }) => problemsIn(expected).map((problem) => problem.code)),
    );
    expect(codes.size).toBeGreaterThanOrEqual(15);
    expect(formulas.filter(({ expected }) => "type" in expected).length).toBeGreaterThan(FORMULAS / 3);
  });

  it("has graphs that propagate alike", () => {
    const catalogue = readCatalogue(tables);
    const different = graphs.flatMap(({ graph, expected }) => {
      const { nodes, graphProblem } = propagate(graph, catalogue);
      if (graphProblem) return differing({ problem: place(graphProblem) }, expected, graph);
      if ("problem" in expected) return [{ expected, found: "no problem", graph }];
      expect([...nodes.keys()]).toEqual(Object.keys(expected.nodes));
      return [...nodes].flatMap(([id, { schema, problems }]) => {
        const found: Outcome = schema ? { schema: formatSchema(schema) } : { problems: problems.map(place) };
        return differing(found, expected.nodes[id], graph.nodes.find((node) => node.id === id));
      });
    });
    expect(different.slice(0, 3)).toEqual([]);
  });

  it("has formulas that are typed alike", () => {
    const catalogue = readCatalogue(tables);
    const different = formulas.flatMap(({ formula, table, expected }) => {
      const schema = catalogue.get(table)?.columns ?? [];
      const found =
        "problem" in expected
          ? { problem: place(problemOf(() => typeFormula(formula, schema))) }
          : wire(typeFormula(formula, schema));
      return differing(found, expected, { formula, table });
    });
    expect(different.slice(0, 3)).toEqual([]);
  });
});

function wire({ type, nullable }: ReturnType<typeof typeFormula>): { type: string; nullable: boolean } {
  return { type: formatType(type), nullable };
}

function place({ code, node_id, field, column, position }: Place): Place {
  return JSON.parse(JSON.stringify({ code, node_id, field, column, position })) as Place;
}

function differing(found: unknown, expected: unknown, subject: unknown): readonly object[] {
  return same(found, expected) ? [] : [{ subject, expected, found }];
}

/** Whatever the order of their members. */
function same(found: unknown, expected: unknown): boolean {
  const comparable = (value: unknown): string =>
    JSON.stringify(value, (_, part: unknown) => {
      if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
      return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
    });
  return comparable(found) === comparable(expected);
}

function problemsIn(expected: GraphLine["expected"] | FormulaLine["expected"]): readonly Place[] {
  if ("problem" in expected) return [expected.problem];
  if (!("nodes" in expected)) return [];
  return Object.values(expected.nodes).flatMap((outcome) => ("problems" in outcome ? outcome.problems : []));
}
