/** Ready-made workflows over tables that may exist; each is offered only where it fits. */

import type { TableInfo } from "@/shared/api/types";
import type { S } from "@/shared/strings";

import { type Config, type Doc, EMPTY_DOC } from "../document/doc";
import { COLUMN_STEP, insert } from "../document/edit";

export interface Example {
  readonly id: keyof typeof S.examples;
  readonly table: string;
  /** Columns without which the example means nothing. */
  readonly needs: readonly string[];
  readonly steps: readonly (readonly [type: string, data: Config])[];
}

export const EXAMPLES: readonly Example[] = [
  {
    id: "closes",
    table: "reference.daily_bars",
    needs: ["symbol", "day", "close"],
    steps: [
      ["select", { columns: ["day", "symbol", "close"] }],
      ["sort", { sorts: [{ column: "day", direction: "desc" }] }],
      ["limit", { rows: 1000, offset: 0 }],
      ["line_chart", { x: "day", y: ["close"], series: "symbol" }],
    ],
  },
  {
    id: "turnover",
    table: "flowforge.raw_trades",
    needs: ["trade_date", "price", "quantity"],
    steps: [
      ["filter", { filters: [{ column: "quantity", operator: ">", value: 0 }], logic: "AND" }],
      ["formula", { expression: "[price] * [quantity]", output_column: "turnover" }],
      [
        "group_by",
        { group_by: ["trade_date"], aggregations: [{ function: "sum", column: "turnover", alias: "turnover" }] },
      ],
      ["sort", { sorts: [{ column: "trade_date", direction: "asc" }] }],
      ["line_chart", { x: "trade_date", y: ["turnover"] }],
    ],
  },
  {
    id: "volume",
    table: "flowforge.raw_trades",
    needs: ["symbol", "quantity"],
    steps: [
      [
        "group_by",
        { group_by: ["symbol"], aggregations: [{ function: "sum", column: "quantity", alias: "volume" }] },
      ],
      ["sort", { sorts: [{ column: "volume", direction: "desc" }] }],
      ["bar_chart", { x: "symbol", y: ["volume"] }],
    ],
  },
];

/** The examples whose table and columns the tenant can read. */
export function fittingExamples(tables: readonly TableInfo[]): readonly Example[] {
  return EXAMPLES.filter((example) => {
    const table = tables.find((each) => `${each.database}.${each.table}` === example.table);
    return table && example.needs.every((name) => table.columns.some((column) => column.name === name));
  });
}

/** The example as a document: a chain from left to right. */
export function buildExample({ table, steps }: Example): { readonly doc: Doc; readonly last: string } {
  const [database = "", name = ""] = table.split(".");
  const source = { type: "data_source", data: { database, table: name }, position: { x: 0, y: 0 } };
  let built = insert(EMPTY_DOC, source, null);
  steps.forEach(([type, data], index) => {
    built = insert(built.doc, { type, data, position: { x: (index + 1) * COLUMN_STEP, y: 0 } }, built.id);
  });
  return { doc: built.doc, last: built.id };
}
