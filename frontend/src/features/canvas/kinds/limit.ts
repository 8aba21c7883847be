import { ListEnd } from "lucide-react";

import { S } from "@/shared/strings";

import { whole } from "./configs";
import type { Look } from "./kind";

export const limit: Look = {
  ...S.kinds.limit,
  group: "shape",
  icon: ListEnd,
  defaults: () => ({ rows: 100, offset: 0 }),
  configured: () => true,
  summary: (data) => S.node.summary.rowsFrom(whole(data["rows"], 0), whole(data["offset"], 0)),
};
