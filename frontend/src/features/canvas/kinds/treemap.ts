import { LayoutDashboard } from "lucide-react";

import { isNumeric, type Schema } from "@/shared/schema/types";
import { S } from "@/shared/strings";

import type { Config } from "../document/doc";
import { text, texts } from "./configs";
import type { Look } from "./kind";

export const MAX_LEVELS = 3;

/** The texts as levels, the last number as the area. */
export function firstTreemap(input: Schema | null): Config {
  const columns = input ?? [];
  const value = columns.findLast((column) => isNumeric(column.type));
  const labels = columns.filter((column) => column.type.kind === "string");
  const path = (labels.length > 0 ? labels : columns.filter((column) => column !== value).slice(0, 1)).slice(0, MAX_LEVELS);
  return { path: path.map(({ name }) => name), value: value?.name ?? "" };
}

export const treemap: Look = {
  ...S.kinds.treemap,
  group: "output",
  icon: LayoutDashboard,
  defaults: firstTreemap,
  configured: (data) => texts(data["path"]).length > 0 && text(data["value"]) !== "",
  summary: (data) => {
    const [path, value] = [texts(data["path"]), text(data["value"])];
    return path.length === 0 || value === "" ? S.node.summary.noPath : S.node.summary.chart(path.join(" › "), value);
  },
};
