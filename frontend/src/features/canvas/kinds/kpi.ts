import { Gauge } from "lucide-react";

import { isNumeric } from "@/shared/schema/types";
import { S } from "@/shared/strings";

import { text } from "./configs";
import type { Look } from "./kind";

export const kpi: Look = {
  ...S.kinds.kpi,
  group: "output",
  icon: Gauge,
  defaults: (input) => ({ value: input?.findLast((column) => isNumeric(column.type))?.name ?? "" }),
  configured: (data) => text(data["value"]) !== "",
  summary: (data) => [text(data["value"]), text(data["comparison"])].filter(Boolean).join(" / ") || S.node.summary.noValue,
};
