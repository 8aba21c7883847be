import { StretchHorizontal } from "lucide-react";

import type { WindowConfig } from "@/shared/schema/generated/nodes";
import { isTemporal, type Schema } from "@/shared/schema/types";
import { S } from "@/shared/strings";

import type { Config } from "../document/doc";
import { sortTermsOf, text, texts } from "./configs";
import type { Look } from "./kind";
import { usualMeasure } from "./measure";

export type WindowFunction = WindowConfig["function"];

export const WINDOW_FUNCTIONS = Object.keys(S.settings.windowFunctions) as readonly WindowFunction[];

export function functionOf(data: Config): WindowFunction {
  return WINDOW_FUNCTIONS.find((name) => name === data["function"]) ?? "lag";
}

/** Which settings a function has, beside the order and the partitions that all have. */
export function settingsOf(name: WindowFunction): { readonly column: boolean; readonly frame: boolean; readonly offset: boolean } {
  return {
    column: name !== "row_number" && name !== "rank",
    frame: name.startsWith("rolling_"),
    offset: name === "lag" || name === "lead",
  };
}

export const FIRST_FRAME = 20;

/** A change of the function with what it takes along, and without what the next one does not take. */
export function withFunction(data: Config, name: WindowFunction, input: Schema | null): Config {
  const takes = settingsOf(name);
  const measure = usualMeasure(input)?.name;
  return {
    function: name,
    column: takes.column ? text(data["column"]) || measure : undefined,
    frame: takes.frame ? (data["frame"] ?? { rows: FIRST_FRAME }) : undefined,
    offset: takes.offset ? data["offset"] : undefined,
  };
}

/** What the new column is called if nothing else is said. */
export function defaultOutput(data: Config): string {
  const name = functionOf(data);
  const column = text(data["column"]);
  return column === "" || !settingsOf(name).column ? name : `${name}_${column}`;
}

export const window: Look = {
  ...S.kinds.window,
  group: "compute",
  icon: StretchHorizontal,
  defaults: (input) => {
    const columns = input ?? [];
    const time = columns.find(({ type }) => type.kind === "datetime") ?? columns.find(({ type }) => isTemporal(type));
    const measure = usualMeasure(input);
    const symbol = columns.find(({ name }) => name === "symbol");
    return {
      function: "rolling_avg",
      ...(measure && { column: measure.name }),
      partition_by: symbol ? [symbol.name] : [],
      order_by: time ? [{ column: time.name, direction: "asc" }] : [],
      frame: { rows: FIRST_FRAME },
    };
  },
  configured: (data) =>
    (!settingsOf(functionOf(data)).column || text(data["column"]) !== "") &&
    sortTermsOf(data, "order_by").every(({ column }) => column !== ""),
  summary: (data) => {
    const name = functionOf(data);
    const { column: takesColumn, frame } = settingsOf(name);
    const column = text(data["column"]);
    if (takesColumn && column === "") return S.node.summary.noWindow;
    const rows = frame ? ` (${rowsOf(data)})` : "";
    const per = texts(data["partition_by"]).join(", ");
    const what = S.node.summary.window(`${S.settings.windowFunctions[name]}${rows}`, takesColumn ? column : "");
    return per === "" ? what : what + S.node.summary.per(per);
  },
};

/** Over how many rows a rolling function looks. */
export function rowsOf(data: Config): number {
  const frame = data["frame"];
  const rows: unknown = typeof frame === "object" && frame !== null && "rows" in frame ? frame.rows : undefined;
  return typeof rows === "number" ? rows : 0;
}
