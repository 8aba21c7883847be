import { ChartColumn, ChartLine, ChartScatter } from "lucide-react";

import { isNumeric, isTemporal, type Schema } from "@/shared/schema/types";
import { S } from "@/shared/strings";

import type { Config } from "../document/doc";
import { chartOf } from "./configs";
import type { Look } from "./kind";

/** Axes worth a first look: time (or a category) across, the last number up, one line per text. */
export function firstEncoding(input: Schema | null, kind: "line_chart" | "bar_chart"): Config {
  const columns = input ?? [];
  const time = columns.find((column) => isTemporal(column.type));
  const label = columns.find((column) => column.type.kind === "string");
  const x = kind === "line_chart" ? (time ?? label ?? columns[0]) : (label ?? time ?? columns[0]);
  const y = columns.findLast((column) => isNumeric(column.type) && column !== x);
  const series = kind === "line_chart" && label !== x ? label : undefined;
  return { x: x?.name ?? "", y: y ? [y.name] : [], ...(series && { series: series.name }) };
}

function summary(data: Config): string {
  const { x, y, series } = chartOf(data);
  if (x === "" || y.length === 0) return S.node.summary.noAxes;
  return S.node.summary.chart(!series ? x : `${x}, ${series}`, y.join(", "));
}

function configured(data: Config): boolean {
  const { x, y } = chartOf(data);
  return x !== "" && y.length > 0;
}

const shared = { group: "output", configured, summary } as const;

export const lineChart: Look = {
  ...S.kinds.line_chart,
  ...shared,
  icon: ChartLine,
  defaults: (input) => firstEncoding(input, "line_chart"),
};

export const barChart: Look = {
  ...S.kinds.bar_chart,
  ...shared,
  icon: ChartColumn,
  defaults: (input) => firstEncoding(input, "bar_chart"),
};

/** Two numbers against each other, one colour per text. */
function firstPoints(input: Schema | null): Config {
  const [x, y] = (input ?? []).filter((column) => isNumeric(column.type));
  const label = (input ?? []).find((column) => column.type.kind === "string");
  return { x: x?.name ?? "", y: y ? [y.name] : [], ...(label && { series: label.name }) };
}

export const scatter: Look = { ...S.kinds.scatter, ...shared, icon: ChartScatter, defaults: firstPoints };
