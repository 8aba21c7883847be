import { Sigma } from "lucide-react";

import { S } from "@/shared/strings";

import { aggregationsOf, texts } from "./configs";
import type { Look } from "./kind";

export const groupBy: Look = {
  ...S.kinds.group_by,
  group: "compute",
  icon: Sigma,
  defaults: () => ({ group_by: [], aggregations: [] }),
  configured: (data) => texts(data["group_by"]).length + aggregationsOf(data).length > 0,
  summary: (data) => {
    const values = aggregationsOf(data).map(
      (each) => each.alias ?? (each.column ? `${each.function}(${each.column})` : each.function),
    );
    const keys = texts(data["group_by"]);
    if (values.length + keys.length === 0) return S.node.summary.noAggregation;
    return [values.join(", "), keys.length > 0 && `by ${keys.join(", ")}`].filter(Boolean).join(" ");
  },
};
