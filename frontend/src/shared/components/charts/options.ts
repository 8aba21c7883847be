/** ECharts options of the charts with axes: pure functions of series, encoding and palette. */

import { formatDatetime } from "@/shared/format/cell";

import { full, tick } from "./axisNumber";
import { described, tooltipBox } from "./common";
import type { EChartsCoreOption } from "./echarts";
import type { ChartKind } from "./kinds";
import type { Palette } from "./palette";
import type { Encoding, Point, Series, SeriesSet } from "./series";

export interface ChartInput {
  readonly kind: ChartKind;
  readonly encoding: Encoding;
  readonly set: SeriesSet;
  readonly palette: Palette;
  readonly animate: boolean;
  readonly description: string;
}

/** Below this many points in all, each one is marked. */
const FEW_POINTS = 60;
const ZOOM_FROM = 60;
/** Up to here every category has its label, unless it would cover another. */
const FEW_CATEGORIES = 24;

export function chartOption(input: ChartInput): EChartsCoreOption {
  const { set, palette } = input;
  const legend = set.series.length > 1;
  return {
    useUTC: true,
    animation: input.animate,
    animationDuration: 250,
    color: [...palette.series],
    ...described(palette, input.description),
    grid: { top: legend ? 44 : 30, right: 18, bottom: 10, left: 10, outerBoundsMode: "same" },
    legend: {
      show: legend,
      type: "scroll",
      top: 4,
      left: 8,
      // The rest of the line belongs to the button that shows the data as a table.
      width: "86%",
      itemHeight: 8,
      itemWidth: 14,
      textStyle: { color: palette.fg, fontSize: 11 },
      pageTextStyle: { color: palette.muted },
      pageIconColor: palette.fg,
      pageIconInactiveColor: palette.line,
    },
    tooltip: input.kind === "scatter" ? pointTooltip(input) : tooltip(palette),
    xAxis: xAxis(input),
    yAxis: yAxis(input, legend),
    dataZoom: pointCount(set) > ZOOM_FROM ? [{ type: "inside", filterMode: "none" }] : [],
    series: set.series.map((series) => drawn(input, series)),
  };
}

function pointCount(set: SeriesSet): number {
  return Math.max(0, ...set.series.map((series) => series.points.length));
}

function tooltip(palette: Palette) {
  return {
    trigger: "axis",
    ...tooltipBox(palette),
    axisPointer: { type: "line", lineStyle: { color: palette.muted }, label: { show: false } },
    valueFormatter: (value: unknown) => (typeof value === "number" ? full(value) : "–"),
  };
}

/** Each point says both of its values: others seldom share its x. */
function pointTooltip({ encoding, palette, set }: ChartInput) {
  const formatter = (point: { readonly seriesName: string; readonly value: Point }) => {
    const [x, y] = point.value;
    const across = typeof x === "number" ? (set.temporal ? new Date(x).toISOString() : full(x)) : x;
    return `${point.seriesName}\n${encoding.x}: ${across}\n${y === null ? "–" : full(y)}`;
  };
  return { ...tooltip(palette), trigger: "item", formatter };
}

function xAxis({ set, palette, kind, encoding }: ChartInput) {
  const label = { color: palette.muted, fontSize: 11, hideOverlap: true };
  const line = { lineStyle: { color: palette.line } };
  if (set.temporal) {
    return {
      type: "time",
      axisLabel: label,
      axisLine: line,
      axisTick: line,
      splitLine: { show: false },
      axisPointer: { label: { formatter: ({ value }: { value: number }) => momentText(value, set.timeOfDay) } },
    };
  }
  if (set.quantitative) {
    const name = { name: encoding.x, nameLocation: "middle", nameGap: 24, nameTextStyle: { color: palette.muted, fontSize: 11 } };
    return { type: "value", scale: true, ...name, axisLabel: { ...label, formatter: tick }, axisLine: line, splitLine: { show: false } };
  }
  return {
    type: "category",
    data: [...set.categories],
    boundaryGap: kind === "bar_chart",
    axisLabel: set.categories.length <= FEW_CATEGORIES ? { ...label, interval: 0 } : label,
    axisLine: line,
    axisTick: { ...line, alignWithLabel: true },
  };
}

/** A moment as a tooltip's head: a day, or a time in UTC. */
function momentText(milliseconds: number, timeOfDay: boolean): string {
  const text = new Date(milliseconds).toISOString();
  return timeOfDay ? formatDatetime(text) : text.slice(0, "2026-01-31".length);
}

function yAxis({ kind, encoding, palette }: ChartInput, legend: boolean) {
  const named = encoding.y.length === 1;
  return {
    type: "value",
    // Prices far from zero would be a flat line at the top. A bar is read by its length: from zero.
    scale: kind === "line_chart",
    name: named ? encoding.y[0] : "",
    nameLocation: "end",
    nameGap: 8,
    nameTextStyle: { color: palette.muted, fontSize: 11, align: "left", padding: [0, 0, legend ? -2 : 0, 0] },
    axisLabel: { color: palette.muted, fontSize: 11, formatter: tick },
    splitLine: { lineStyle: { color: palette.line } },
  };
}

function drawn({ kind, set }: ChartInput, series: Series) {
  const data = series.points.map(([x, y]) => [x, y]);
  if (kind === "bar_chart") {
    return { type: "bar", name: series.name, data, barMaxWidth: 48, large: data.length > 2_000 };
  }
  if (kind === "scatter") {
    return { type: "scatter", name: series.name, data, symbolSize: 6, large: data.length > 2_000 };
  }
  return {
    type: "line",
    name: series.name,
    data,
    lineStyle: { width: 1.75 },
    showSymbol: pointCount(set) * set.series.length <= FEW_POINTS,
    symbolSize: 5,
    connectNulls: false,
    sampling: "lttb",
    emphasis: { disabled: true },
  };
}
