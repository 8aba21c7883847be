import { Grid3x3 } from "lucide-react";

import { isNumeric, isTemporal, type Schema } from "@/shared/schema/types";
import { S } from "@/shared/strings";

import type { Config } from "../document/doc";
import { text } from "./configs";
import type { Look } from "./kind";

/** A time across, a text down, the last number as the colour. */
export function firstHeatmap(input: Schema | null): Config {
  const columns = input ?? [];
  const value = columns.findLast((column) => isNumeric(column.type));
  const others = columns.filter((column) => column !== value);
  const x = others.find((column) => isTemporal(column.type)) ?? others[0];
  const rest = others.filter((column) => column !== x);
  const y = rest.find((column) => column.type.kind === "string") ?? rest[0];
  return { x: x?.name ?? "", y: y?.name ?? "", value: value?.name ?? "" };
}

const members = (data: Config) => [text(data["x"]), text(data["y"]), text(data["value"])] as const;

export const heatmap: Look = {
  ...S.kinds.heatmap,
  group: "output",
  icon: Grid3x3,
  defaults: firstHeatmap,
  configured: (data) => !members(data).includes(""),
  summary: (data) => {
    const [x, y, value] = members(data);
    return members(data).includes("") ? S.node.summary.noAxes : S.node.summary.chart(`${x}, ${y}`, value);
  },
};
