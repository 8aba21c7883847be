import { ArrowDownUp } from "lucide-react";

import { S } from "@/shared/strings";

import { sortsOf } from "./configs";
import type { Look } from "./kind";

export const sort: Look = {
  ...S.kinds.sort,
  group: "shape",
  icon: ArrowDownUp,
  defaults: () => ({ sorts: [] }),
  configured: (data) => sortsOf(data).length > 0,
  summary: (data) =>
    sortsOf(data)
      .map(({ column, direction }) => `${column} ${direction === "desc" ? "↓" : "↑"}`)
      .join(", ") || S.node.summary.noSorts,
};
