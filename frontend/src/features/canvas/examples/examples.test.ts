import { describe, expect, it } from "vitest";

import type { TableInfo } from "@/shared/api/types";
import { readCatalogue } from "@/shared/schema/catalogue";
import { problemsOf, propagate } from "@/shared/schema/propagate";

import { toGraph } from "../document/doc";
import { buildExample, EXAMPLES, fittingExamples } from "./examples";

const table = (name: string, columns: Record<string, string>): TableInfo => {
  const [database = "", short = ""] = name.split(".");
  return {
    database,
    table: short,
    store: "clickhouse",
    freshness: "seconds",
    columns: Object.entries(columns).map(([column, type]) => ({ name: column, type, nullable: false })),
  };
};

const TABLES = [
  table("flowforge.raw_trades", {
    symbol: "string",
    trade_date: "date",
    price: "decimal(18,6)",
    quantity: "decimal(18,4)",
  }),
  table("reference.daily_bars", { symbol: "string", day: "date", close: "decimal(18,6)" }),
];

describe("examples", () => {
  it("are offered where their table and columns are", () => {
    expect(fittingExamples(TABLES)).toHaveLength(EXAMPLES.length);
    expect(fittingExamples([table("flowforge.raw_trades", { symbol: "string" })])).toEqual([]);
  });

  it.each(EXAMPLES.map((example) => [example.id, example] as const))("%s has no problems", (_id, example) => {
    const { doc, last } = buildExample(example);
    const outcome = propagate(toGraph(doc), readCatalogue(TABLES));
    expect(problemsOf(outcome)).toEqual([]);
    expect(outcome.nodes.get(last)?.schema).not.toBeNull();
  });
});
