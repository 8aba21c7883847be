/** The ECharts option of a treemap. */

import { full } from "./axisNumber";
import { described, tooltipBox } from "./common";
import type { EChartsCoreOption } from "./echarts";
import type { TreeEncoding } from "./encodings";
import type { Palette } from "./palette";
import type { Tile, Tiles } from "./tree";

export interface TreeInput {
  readonly encoding: TreeEncoding;
  readonly set: Tiles;
  readonly palette: Palette;
  readonly animate: boolean;
  readonly description: string;
}

export function treeOption({ encoding, set, palette, animate, description }: TreeInput): EChartsCoreOption {
  const nested = encoding.path.length > 1;
  const total = set.tiles.reduce((sum, tile) => sum + tile.value, 0);
  return {
    animation: animate,
    animationDuration: 250,
    color: [...palette.series],
    ...described(palette, description),
    tooltip: tooltip(encoding, total, palette),
    series: [
      {
        type: "treemap",
        name: encoding.value,
        top: 36,
        left: 8,
        right: 8,
        bottom: nested ? 32 : 8,
        // Wheel and drag belong to the page; a click opens a level.
        roam: false,
        // As deep as the path: the breadcrumb then tells what is opened, not what lies in the middle.
        leafDepth: encoding.path.length,
        nodeClick: nested ? "zoomToNode" : false,
        breadcrumb: {
          show: nested,
          bottom: 4,
          height: 20,
          itemStyle: { color: palette.sunken, borderColor: palette.line, textStyle: { color: palette.fg } },
          emphasis: { itemStyle: { color: palette.line } },
        },
        label: { color: palette.surface, fontSize: 12, overflow: "truncate" },
        // The name of a level stands on its border, which is the page's colour.
        upperLabel: { show: nested, height: 20, color: palette.fg, fontWeight: 600, overflow: "truncate" },
        itemStyle: { borderColor: palette.surface, borderWidth: 1, gapWidth: 1 },
        levels: [{ upperLabel: { show: false }, itemStyle: { borderWidth: 0, gapWidth: 3 } }, { itemStyle: { gapWidth: 1 } }, {}],
        data: set.tiles.map(drawn),
      },
    ],
  };
}

function drawn({ name, value, text, children }: Tile): object {
  return { name, value, text, ...(children.length > 0 && { children: children.map(drawn) }) };
}

interface TreePoint {
  readonly value: number;
  readonly data?: { readonly text?: string };
  readonly treePathInfo?: readonly { readonly name: string }[];
}

function tooltip({ value: name }: TreeEncoding, total: number, palette: Palette) {
  const formatter = ({ value, data, treePathInfo }: TreePoint) => {
    const path = (treePathInfo ?? []).slice(1).map((each) => each.name);
    const share = total > 0 ? `${((100 * value) / total).toFixed(1)} %` : "";
    return [path.join(" › "), `${name}  ${data?.text ?? full(value)}`, share].filter(Boolean).join("\n");
  };
  return {
    ...tooltipBox(palette),
    formatter,
  };
}
