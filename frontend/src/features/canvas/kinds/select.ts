import { Columns3 } from "lucide-react";

import { S } from "@/shared/strings";

import { texts } from "./configs";
import type { Look } from "./kind";

export const select: Look = {
  ...S.kinds.select,
  group: "shape",
  icon: Columns3,
  defaults: (input) => ({ columns: (input ?? []).map((column) => column.name) }),
  configured: (data) => texts(data["columns"]).length > 0,
  summary: (data) => texts(data["columns"]).join(", ") || S.node.summary.noColumns,
};
