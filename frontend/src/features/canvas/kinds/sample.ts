import { Dices } from "lucide-react";

import { S } from "@/shared/strings";

import { whole } from "./configs";
import type { Look } from "./kind";

/** A share as people say it: `12.5 %`. */
export function percentOf(fraction: unknown): string {
  return typeof fraction === "number" ? String(Number((fraction * 100).toPrecision(12))) : "";
}

export const sample: Look = {
  ...S.kinds.sample,
  group: "shape",
  icon: Dices,
  defaults: () => ({ rows: 1000, seed: 0 }),
  configured: (data) => (data["rows"] ?? data["fraction"] ?? null) !== null,
  summary: ({ rows, fraction }) =>
    fraction === undefined || fraction === null
      ? S.node.summary.sampleRows(whole(rows, 0))
      : S.node.summary.sampleShare(`${percentOf(fraction)} %`),
};
