import { TableProperties } from "lucide-react";

import { isNumeric, type Schema } from "@/shared/schema/types";
import { S } from "@/shared/strings";

import type { Config } from "../document/doc";
import { texts } from "./configs";
import type { Look } from "./kind";

/** A text heads the rows, another column the columns; the last number fills the cells. */
export function firstGrid(input: Schema | null): Config {
  const columns = input ?? [];
  const value = columns.findLast((column) => isNumeric(column.type)) ?? columns.at(-1);
  const heads = columns.filter((column) => column !== value);
  const row = heads.find((column) => column.type.kind === "string") ?? heads[0];
  const across = heads.find((column) => column !== row && !isNumeric(column.type));
  const names = (column: typeof value) => (column ? [column.name] : []);
  return { rows: names(row), columns: names(across), values: names(value) };
}

export const pivotTable: Look = {
  ...S.kinds.pivot_table,
  group: "output",
  icon: TableProperties,
  defaults: firstGrid,
  configured: (data) => texts(data["rows"]).length > 0 && texts(data["values"]).length > 0,
  summary: (data) => {
    const [rows, columns, values] = [texts(data["rows"]), texts(data["columns"]), texts(data["values"])];
    if (rows.length === 0 || values.length === 0) return S.node.summary.noCells;
    const heads = columns.length === 0 ? rows.join(", ") : `${rows.join(", ")} × ${columns.join(", ")}`;
    return S.node.summary.chart(heads, values.join(", "));
  },
};
