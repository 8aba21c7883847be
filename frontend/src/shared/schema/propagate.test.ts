import { describe, expect, it } from "vitest";

import { readCatalogue } from "./catalogue";
import { problemsOf, propagate, Propagator } from "./propagate";
import { readCases } from "./testing/cases";

const catalogue = readCatalogue([
  {
    database: "flowforge",
    table: "raw_trades",
    columns: [
      { name: "symbol", type: "string" },
      { name: "price", type: "decimal(18,6)" },
      { name: "quantity", type: "decimal(18,4)" },
    ],
    trade_order: ["sequence", "price"],
  },
  { database: "reference", table: "instruments", columns: [{ name: "symbol", type: "string" }] },
]);

const source = node("source", "data_source", { database: "flowforge", table: "raw_trades" });

function node(id: string, type: string, data: object): { id: string; type: string; data: object } {
  return { id, type, data };
}

/** Each node feeds the next. */
function chain(nodes: readonly { id: string }[], parameters: readonly object[] = []): object {
  const edges = nodes.slice(1).map(({ id }, index) => ({ source: nodes[index]?.id, target: id }));
  return { nodes, edges, parameters };
}

function notional(name: string): ReturnType<typeof node> {
  return node("notional", "formula", { expression: "[price] * [quantity]", output_column: name });
}

describe("propagation", () => {
  it("gives every node its columns", () => {
    const { nodes, graphProblem } = propagate(
      chain([source, notional("notional"), node("top", "sort", { sorts: [{ column: "notional" }] })]),
      catalogue,
    );
    expect(graphProblem).toBeNull();
    expect(nodes.get("top")?.schema?.map((column) => column.name)).toEqual(["symbol", "price", "quantity", "notional"]);
  });

  it("reports the cause once and leaves what is behind it without a schema", () => {
    const document = chain([
      source,
      notional("turnover"),
      node("top", "sort", { sorts: [{ column: "notional" }] }),
      node("view", "table_view", {}),
    ]);
    const { nodes } = propagate(document, catalogue);
    expect(nodes.get("top")?.problems).toMatchObject([
      { code: "unknown_column", node_id: "top", field: "sorts.0.column", column: "notional" },
    ]);
    expect(nodes.get("view")).toMatchObject({ schema: null, problems: [] });
  });

  it("reports a graph that is none", () => {
    const propagation = propagate({ nodes: [{ id: "a", type: "sort" }], edges: [{ source: "a", target: "a" }] }, catalogue);
    expect(propagation.nodes.size).toBe(0);
    expect(problemsOf(propagation)).toMatchObject([{ code: "cycle", node_id: "a", field: "input" }]);
  });

  it("puts the defaults of parameters in", () => {
    const filtered = node("filter", "filter", { filters: [{ column: "price", operator: ">", value: { param: "least" } }] });
    const run = (parameters: object[]) => problemsOf(propagate(chain([source, filtered], parameters), catalogue));
    expect(run([{ name: "least", type: "number", default: 10 }])).toEqual([]);
    expect(run([{ name: "least", type: "string", default: "ten" }])).toMatchObject([{ code: "type_mismatch" }]);
    expect(run([])).toMatchObject([{ code: "unknown_parameter", node_id: "filter", field: "filters.0.value" }]);
  });

  it("takes a mapping of one's own names as it is, whatever they are", () => {
    const renamed = node("rename", "rename", { renames: { param: "x" } });
    const table = { database: "a", table: "b", columns: [{ name: "param", type: "string" }] };
    const source = node("source", "data_source", { database: "a", table: "b" });
    const { nodes } = propagate(chain([source, renamed], [{ name: "x", default: "y" }]), readCatalogue([table]));
    expect(nodes.get("rename")?.schema?.map(({ name }) => name)).toEqual(["x"]);
    const named = node("rename", "rename", { renames: { param: { param: "x" } } });
    const again = propagate(chain([source, named], [{ name: "x", default: "y" }]), readCatalogue([table]));
    expect(again.nodes.get("rename")?.schema?.map(({ name }) => name)).toEqual(["y"]);
  });

  it.each([
    ["nothing", [], "missing_input"],
    ["two wires", [{ source: "source", target: "view" }, { source: "source", target: "view" }], "too_many_inputs"],
  ])("refuses an input with %s", (_, edges, code) => {
    const document = { nodes: [source, node("view", "table_view", {})], edges };
    expect(problemsOf(propagate(document, catalogue))).toMatchObject([{ code, node_id: "view", field: "input" }]);
  });

  it("refuses a wire into a source, an unknown kind and an unknown table", () => {
    const document = {
      nodes: [source, { ...source, id: "again" }, node("odd", "fliter", {}), node("lost", "data_source", { database: "a", table: "b" })],
      edges: [{ source: "source", target: "again" }],
    };
    expect(problemsOf(propagate(document, catalogue))).toMatchObject([
      { code: "unknown_node_type", node_id: "odd", field: "type", hint: "Did you mean filter?" },
      { code: "unknown_table", node_id: "lost", field: "table" },
      { code: "too_many_inputs", node_id: "again" },
    ]);
  });
});

describe("the order that first and last need", () => {
  const instruments = node("source", "data_source", { database: "reference", table: "instruments" });
  const first = (by?: string) =>
    node("first", "group_by", { aggregations: [{ function: "first", column: "symbol", alias: "symbol", ...(by !== undefined && { by }) }] });
  const sorted = node("sorted", "sort", { sorts: [{ column: "symbol" }] });

  it.each([
    ["is the table's own", [source, first()]],
    ["survives a sort", [source, sorted, first()]],
    ["is a column that is named", [instruments, first("symbol")]],
  ])("%s", (_, nodes) => {
    expect(problemsOf(propagate(chain(nodes), catalogue))).toEqual([]);
  });

  it.each([
    ["no table without one", [instruments, first()]],
    ["no group", [source, node("groups", "group_by", { group_by: ["symbol"] }), first()]],
    ["no sort", [instruments, sorted, first()]],
  ])("has %s", (_, nodes) => {
    const problem = { code: "invalid_config", node_id: "first", field: "aggregations.0.by" };
    expect(problemsOf(propagate(chain(nodes), catalogue))).toMatchObject([problem]);
  });

  it("is looked at again when only the order of the input changes", () => {
    const propagator = new Propagator(readCatalogue([
      { database: "a", table: "a", columns: [{ name: "symbol", type: "string" }], trade_order: ["symbol"] },
      { database: "a", table: "b", columns: [{ name: "symbol", type: "string" }] },
    ]));
    const run = (table: string): number =>
      problemsOf(propagator.run(chain([node("source", "data_source", { database: "a", table }), first()]))).length;
    expect([run("a"), run("b"), run("a")]).toEqual([0, 1, 0]);
  });
});

describe("propagating again", () => {
  const views = [node("sort", "sort", { sorts: [{ column: "price" }] }), node("view", "table_view", {})];

  it("keeps the outcomes of nodes that did not change", () => {
    const propagator = new Propagator(catalogue);
    const first = propagator.run(chain([source, ...views]));
    const second = propagator.run(structuredClone(chain([source, ...views])));
    expect([...second.nodes.values()].every((outcome, index) => outcome === [...first.nodes.values()][index])).toBe(true);
  });

  it("stops where an edit changes no column", () => {
    const propagator = new Propagator(catalogue);
    const first = propagator.run(chain([source, notional("notional"), ...views]));
    const edited = { ...notional("notional"), data: { expression: "[quantity] * [price]", output_column: "notional" } };
    const second = propagator.run(chain([source, edited, ...views]));
    expect(second.nodes.get("view")).toBe(first.nodes.get("view"));
  });

  it("follows an edit, a repair and a changed parameter", () => {
    const propagator = new Propagator(catalogue);
    const sorted = node("sort", "sort", { sorts: [{ column: { param: "by" } }] });
    const run = (name: string, by: string) =>
      problemsOf(propagator.run(chain([source, notional(name), sorted], [{ name: "by", default: by }]))).map(({ code }) => code);
    expect(run("notional", "notional")).toEqual([]);
    expect(run("turnover", "notional")).toEqual(["unknown_column"]);
    expect(run("turnover", "turnover")).toEqual([]);
    expect(run("notional", "turnover")).toEqual(["unknown_column"]);
  });

  it("marks every break of an upstream rename in 500 nodes", () => {
    const fan = Array.from({ length: 249 }, (_, index) => [
      node(`formula${index}`, "formula", { expression: `ROUND([notional] / ${index + 1}, 2)`, output_column: "part" }),
      node(`sort${index}`, "sort", { sorts: [{ column: "part" }, { column: "notional" }] }),
    ]);
    const draw = (name: string): object => ({
      nodes: [source, notional(name), ...fan.flat()],
      edges: [
        { source: "source", target: "notional" },
        ...fan.flatMap((_, index) => [
          { source: "notional", target: `formula${index}` },
          { source: `formula${index}`, target: `sort${index}` },
        ]),
      ],
    });
    const propagator = new Propagator(catalogue);
    expect(problemsOf(propagator.run(draw("notional")))).toEqual([]);
    expect(problemsOf(propagator.run(draw("turnover")))).toHaveLength(249);
    expect(problemsOf(propagator.run(draw("notional")))).toEqual([]);
  });
});

interface InputCase {
  title: string;
  /** A table's name, or a node. */
  nodes: Record<string, string | { type: string; data: object }>;
  edges: [source: string, target: string, handle: string | null][];
  columns?: string[];
  error?: { code: string; field: string };
}

describe("nodes with several inputs", () => {
  const tables = readCatalogue(
    [["trades", "price"], ["quotes", "bid"]].map(([table = "", number = ""]) => ({
      database: "m",
      table,
      columns: [{ name: "symbol", type: "string" }, { name: number, type: "decimal(18,6)" }],
    })),
  );

  it.each(readCases<InputCase>("graph/inputs.json"))("$title", ({ nodes, edges, columns, error }) => {
    const drawn = Object.entries(nodes).map(([id, made]) =>
      typeof made === "string" ? node(id, "data_source", { database: "m", table: made }) : { id, ...made },
    );
    const wires = edges.map(([source, target, targetHandle]) => ({ source, target, targetHandle }));
    const outcome = propagate({ nodes: drawn, edges: wires }, tables).nodes.get(drawn.at(-1)?.id ?? "");
    if (error) expect(outcome?.problems).toMatchObject([error]);
    else expect(outcome?.schema?.map(({ name }) => name)).toEqual(columns);
  });
});
