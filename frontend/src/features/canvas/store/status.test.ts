import { describe, expect, it } from "vitest";

import { readCatalogue } from "@/shared/schema/catalogue";
import { propagate } from "@/shared/schema/propagate";

import { type Doc, EMPTY_DOC, toGraph } from "../document/doc";
import { insert } from "../document/edit";
import { obstacle, statusOf } from "./status";

const catalogue = readCatalogue([
  { database: "flowforge", table: "raw_trades", columns: [{ name: "price", type: "decimal(18,6)" }] },
]);

const SOURCE = { database: "flowforge", table: "raw_trades" };

function chain(...steps: readonly (readonly [string, Record<string, unknown>])[]): Doc {
  let built = { doc: EMPTY_DOC, id: null as string | null };
  for (const [type, data] of steps) built = insert(built.doc, { type, data, position: { x: 0, y: 0 } }, built.id);
  return built.doc;
}

function states(doc: Doc): string[] {
  const { nodes } = propagate(toGraph(doc), catalogue);
  return doc.nodes.map((node) => statusOf(doc, node, nodes.get(node.id)).state);
}

describe("statusOf", () => {
  it.each([
    ["all well", chain(["data_source", SOURCE], ["limit", { rows: 5 }]), ["ok", "ok"]],
    ["a source without a table", chain(["data_source", {}], ["limit", { rows: 5 }]), ["unconfigured", "blocked"]],
    ["a node without input", chain(["limit", { rows: 5 }]), ["missing"]],
    [
      "a column that is gone",
      chain(["data_source", SOURCE], ["select", { columns: ["gone"] }], ["limit", { rows: 1 }]),
      ["ok", "error", "blocked"],
    ],
    [
      "a condition that is not finished",
      chain(["data_source", SOURCE], ["filter", { filters: [{ column: "price", operator: ">" }] }]),
      ["ok", "unconfigured"],
    ],
    [
      "a condition without a value to give",
      chain(["data_source", SOURCE], ["filter", { filters: [{ column: "price", operator: "IS NULL" }] }]),
      ["ok", "ok"],
    ],
  ])("%s", (_title, doc, expected) => {
    expect(states(doc)).toEqual(expected);
  });
});

describe("obstacle", () => {
  it("names the cause, not the node that waits for it", () => {
    const doc = chain(["data_source", SOURCE], ["select", { columns: ["gone"] }], ["limit", { rows: 1 }]);
    const { nodes } = propagate(toGraph(doc), catalogue);
    expect(obstacle(doc, nodes, "limit_1")?.node.id).toBe("select_1");
    expect(obstacle(doc, nodes, "data_source_1")).toBeNull();
  });
});
