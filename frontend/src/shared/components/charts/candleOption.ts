/**
 * The ECharts option of a candlestick chart: prices above, the volume below, one time axis for both.
 *
 * 50,000 bars stay smooth because only those in view are laid out (`filterMode: "filter"`), and
 * more than a screen can tell apart are drawn as one path (`large`).
 */

import { formatDatetime } from "@/shared/format/cell";

import { tick } from "./axisNumber";
import type { Bar, Bars } from "./candles";
import { described, tooltipBox } from "./common";
import type { EChartsCoreOption } from "./echarts";
import type { Palette } from "./palette";

export interface CandleInput {
  readonly set: Bars;
  /** What the tooltip calls the cells of a bar: time, open, high, low, close, volume. */
  readonly names: readonly string[];
  /** Whether times without bars take no room. */
  readonly gapsHidden: boolean;
  readonly palette: Palette;
  readonly description: string;
}

/** With more bars than this the newest are in view first. */
const FIRST_VIEW = 200;
const LARGE_FROM = 600;
const SIGNIFICANT = 8;
const CHAR_WIDTH = 6.6;
/** Below the buttons in the corner. */
const TOP = 44;
/** Half a label of the time axis. */
const LEFT = 34;
const LINE_HEIGHT = 14;

export function candleOption(input: CandleInput): EChartsCoreOption {
  const { set, palette, gapsHidden } = input;
  const { bars, hasVolume } = set;
  const digits = axisDigits(set);
  const axes = hasVolume ? [0, 1] : [0];
  const right = rightMargin(set, digits);
  const bottom = set.timeOfDay ? 42 : 26;
  const x = (bar: Bar, index: number) => (gapsHidden ? index : bar.time);
  return {
    useUTC: true,
    // Thousands of moving bars tell nobody anything.
    animation: false,
    ...described(palette, input.description),
    // Both panes have the same margins, so that a bar stands above its volume.
    grid: hasVolume
      ? [
          { top: TOP, bottom: "36%", left: LEFT, right, outerBoundsMode: "none" },
          { top: "70%", bottom, left: LEFT, right, outerBoundsMode: "none" },
        ]
      : [{ top: TOP, bottom, left: LEFT, right, outerBoundsMode: "none" }],
    axisPointer: { link: [{ xAxisIndex: "all" }], label: { backgroundColor: palette.muted, color: palette.surface } },
    tooltip: tooltip(input),
    xAxis: axes.map((index) => timeAxis(input, index, index === axes.length - 1)),
    yAxis: axes.map((index) => valueAxis(palette, index, index === 0 ? (value) => value.toFixed(digits) : tick)),
    dataZoom: [{ type: "inside", xAxisIndex: axes, filterMode: "filter", start: firstView(bars.length), end: 100 }],
    series: [
      {
        type: "candlestick",
        data: bars.map((bar, index) => [x(bar, index), bar.prices[0], bar.prices[3], bar.prices[2], bar.prices[1]]),
        encode: { x: 0, y: [1, 2, 3, 4] },
        large: true,
        largeThreshold: LARGE_FROM,
        barMaxWidth: 24,
        itemStyle: {
          color: palette.up,
          borderColor: palette.up,
          color0: palette.down,
          borderColor0: palette.down,
          borderColorDoji: palette.muted,
        },
        emphasis: { disabled: true },
      },
      ...(hasVolume
        ? [
            {
              type: "bar",
              xAxisIndex: 1,
              yAxisIndex: 1,
              data: bars.map((bar, index) => [x(bar, index), bar.volume]),
              large: true,
              largeThreshold: LARGE_FROM,
              barMaxWidth: 24,
              itemStyle: { color: palette.muted, opacity: 0.6 },
              emphasis: { disabled: true },
            },
          ]
        : []),
    ],
  };
}

function firstView(count: number): number {
  return count > FIRST_VIEW ? 100 * (1 - FIRST_VIEW / count) : 0;
}

function largest({ bars }: Bars): number {
  return bars.reduce((most, { prices }) => Math.max(most, Math.abs(prices[1]), Math.abs(prices[2])), 0);
}

/** The digits that the prices have, as far as they say something beside the digits before the point. */
export function axisDigits(set: Bars): number {
  const whole = Math.trunc(largest(set)).toString().length;
  return Math.max(0, Math.min(set.digits, SIGNIFICANT - whole));
}

function rightMargin(set: Bars, digits: number): number {
  const volumes = set.bars.map(({ volume }) => volume ?? 0);
  const longest = Math.max(largest(set).toFixed(digits).length, ...(set.hasVolume ? [tick(maximum(volumes)).length] : []));
  return Math.ceil(longest * CHAR_WIDTH) + 16;
}

/** Of any number of values: as arguments of one call they could be too many. */
function maximum(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

function timeAxis({ set, gapsHidden, palette }: CandleInput, gridIndex: number, labelled: boolean) {
  const line = { lineStyle: { color: palette.line } };
  const common = {
    gridIndex,
    axisLine: line,
    axisTick: { show: labelled, ...line },
    splitLine: { show: false },
    axisPointer: { label: { show: labelled, formatter: ({ value }: { value: unknown }) => momentText(Number(value), set.timeOfDay, " ") } },
  };
  const label = { show: labelled, color: palette.muted, fontSize: 11, lineHeight: LINE_HEIGHT, hideOverlap: true };
  if (!gapsHidden) return { ...common, type: "time", axisLabel: label };
  const formatter = (value: string) => momentText(Number(value), set.timeOfDay, "\n");
  return { ...common, type: "category", data: set.bars.map(({ time }) => time), axisLabel: { ...label, formatter } };
}

function valueAxis(palette: Palette, gridIndex: number, formatter: (value: number) => string) {
  return {
    gridIndex,
    type: "value",
    position: "right",
    scale: gridIndex === 0,
    splitNumber: gridIndex === 0 ? 5 : 2,
    axisLabel: { color: palette.muted, fontSize: 11, formatter, hideOverlap: true },
    axisPointer: { label: { formatter: ({ value }: { value: unknown }) => formatter(Number(value)) } },
    splitLine: { lineStyle: { color: palette.line } },
  };
}

/** A day, or its time in UTC before or after the day. */
function momentText(time: number, timeOfDay: boolean, separator: string): string {
  if (Number.isNaN(time)) return "";
  const text = formatDatetime(new Date(time).toISOString());
  const [day = "", clock = ""] = text.split(" ");
  if (!timeOfDay) return day;
  const minutes = clock.replace(/:00$/, "");
  return separator === "\n" ? `${minutes}\n${day}` : `${day}${separator}${minutes}`;
}

/** The row's own cells, digit for digit. */
function tooltip({ set, names, palette }: CandleInput) {
  const formatter = (points: readonly { readonly dataIndex: number }[]) => {
    const bar = set.bars[points[0]?.dataIndex ?? -1];
    if (!bar) return "";
    const [, ...cells] = bar.cells.map((cell) => (cell === null ? "–" : String(cell)));
    return [momentText(bar.time, set.timeOfDay, " "), ...cells.map((cell, at) => `${names[at + 1] ?? ""}  ${cell}`)].join("\n");
  };
  return {
    trigger: "axis",
    ...tooltipBox(palette),
    axisPointer: { type: "cross", lineStyle: { color: palette.muted }, crossStyle: { color: palette.muted } },
    formatter,
  };
}
