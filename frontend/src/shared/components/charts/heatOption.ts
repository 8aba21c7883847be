/** The ECharts option of a heatmap: two lists of categories, and a colour for each pair. */

import { tick } from "./axisNumber";
import { described, tooltipBox } from "./common";
import type { EChartsCoreOption } from "./echarts";
import type { HeatEncoding } from "./encodings";
import type { HeatCells } from "./heat";
import type { Palette } from "./palette";

export interface HeatInput {
  readonly encoding: HeatEncoding;
  readonly set: HeatCells;
  readonly palette: Palette;
  readonly animate: boolean;
  readonly description: string;
}

const ZOOM_FROM = 60;
const LONG_LABEL = 8;
/** With more cells than this the lines between them would be most of the picture. */
const LINED_UP_TO = 2_000;

export function heatOption({ encoding, set, palette, animate, description }: HeatInput): EChartsCoreOption {
  const few = set.cells.length <= LINED_UP_TO;
  const zoom = (axis: "xAxisIndex" | "yAxisIndex") => ({ type: "inside", [axis]: 0, filterMode: "filter" });
  return {
    animation: animate && few,
    animationDuration: 250,
    ...described(palette, description),
    grid: { top: 40, right: 18, bottom: 44, left: 10, outerBoundsMode: "same" },
    tooltip: tooltip(encoding, set, palette),
    xAxis: { ...axis(set.xs, palette), axisLabel: { ...label(palette), ...edges(set.xs) } },
    // Read like a table: the first row is on top.
    yAxis: { ...axis(set.ys, palette), inverse: true },
    visualMap: {
      type: "continuous",
      ...range(set),
      orient: "horizontal",
      left: "center",
      bottom: 4,
      itemWidth: 10,
      itemHeight: 140,
      calculable: false,
      text: [tick(set.most), tick(set.least)],
      textStyle: { color: palette.muted, fontSize: 11 },
      inRange: { color: colours(set, palette) },
    },
    dataZoom: [
      ...(set.xs.length > ZOOM_FROM ? [zoom("xAxisIndex")] : []),
      ...(set.ys.length > ZOOM_FROM ? [zoom("yAxisIndex")] : []),
    ],
    series: [
      {
        type: "heatmap",
        data: set.cells.map(({ x, y, value }) => [x, y, value]),
        itemStyle: few ? { borderColor: palette.surface, borderWidth: 1 } : {},
        emphasis: { itemStyle: { borderColor: palette.fg, borderWidth: 1.5 } },
        progressive: 4_000,
      },
    ],
  };
}

function diverges({ least, most }: HeatCells): boolean {
  return least < 0 && most > 0;
}

/** Around zero where there are both signs, so that no colour means zero. */
function range(set: HeatCells) {
  const far = Math.max(-set.least, set.most);
  if (diverges(set)) return { min: -far, max: far };
  return { min: set.least, max: set.most > set.least ? set.most : set.least + 1 };
}

function colours(set: HeatCells, { heat }: Palette): string[] {
  return diverges(set) ? [heat.negative, heat.low, heat.high] : [heat.low, heat.high];
}

function label(palette: Palette) {
  return { color: palette.muted, fontSize: 11, hideOverlap: true, width: 120, overflow: "truncate" };
}

/** Long labels at the ends of an axis reach inwards, so that none is cut off. */
function edges(labels: readonly string[]) {
  const long = labels.some(({ length }) => length > LONG_LABEL);
  return long ? { alignMinLabel: "left", alignMaxLabel: "right" } : {};
}

function axis(labels: readonly string[], palette: Palette) {
  return {
    type: "category",
    data: [...labels],
    axisLabel: label(palette),
    axisLine: { lineStyle: { color: palette.line } },
    axisTick: { show: false },
    splitArea: { show: false },
  };
}

function tooltip(encoding: HeatEncoding, set: HeatCells, palette: Palette) {
  const formatter = ({ dataIndex }: { readonly dataIndex: number }) => {
    const cell = set.cells[dataIndex];
    if (!cell) return "";
    return `${encoding.x}  ${set.xs[cell.x] ?? ""}\n${encoding.y}  ${set.ys[cell.y] ?? ""}\n${encoding.value}  ${cell.text}`;
  };
  return {
    trigger: "item",
    ...tooltipBox(palette),
    formatter,
  };
}
