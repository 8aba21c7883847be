import { TableColumnsSplit } from "lucide-react";

import type { PivotConfig } from "@/shared/schema/generated/nodes";
import { isNumeric, type Schema } from "@/shared/schema/types";
import { S } from "@/shared/strings";

import type { Config } from "../document/doc";
import { type Literal, text, texts } from "./configs";
import type { Look } from "./kind";

/** The listed values; what is none stays out. */
export function listedValues(data: Config): readonly Literal[] {
  const values: unknown = data["column_values"];
  if (!Array.isArray(values)) return [];
  return values.filter((value): value is Literal => ["string", "number", "boolean"].includes(typeof value));
}

/** The sum of the last number; which column is spread out, and over which values, is for a person to say. */
function firstPivot(input: Schema | null): Config {
  const value = input?.findLast((column) => isNumeric(column.type));
  const aggregate: Pick<PivotConfig, "function" | "value"> = value ? { function: "sum", value: value.name } : { function: "count" };
  return { rows: [], column: "", column_values: [], ...aggregate };
}

export const pivot: Look = {
  ...S.kinds.pivot,
  group: "compute",
  icon: TableColumnsSplit,
  defaults: firstPivot,
  configured: (data) => texts(data["rows"]).length > 0 && text(data["column"]) !== "" && listedValues(data).length > 0,
  summary: (data) => {
    const column = text(data["column"]);
    const count = listedValues(data).length;
    if (column === "" || count === 0) return S.node.summary.noPivot;
    const [name, value] = [text(data["function"]), text(data["value"])];
    return S.node.summary.pivot(value === "" ? name : `${name}(${value})`, column, count);
  },
};
