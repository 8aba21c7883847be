import { ArrowDownUp } from "lucide-react";

import { S } from "@/shared/strings";

import { sortTermsOf } from "./configs";
import type { Look } from "./kind";

export const sort: Look = {
  ...S.kinds.sort,
  group: "shape",
  icon: ArrowDownUp,
  defaults: () => ({ sorts: [] }),
  configured: (data) => sortTermsOf(data, "sorts").length > 0,
  summary: (data) =>
    sortTermsOf(data, "sorts")
      .map(({ column, direction }) => `${column} ${direction === "desc" ? "↓" : "↑"}`)
      .join(", ") || S.node.summary.noSorts,
};
