import { CopyMinus } from "lucide-react";

import { S } from "@/shared/strings";

import { texts } from "./configs";
import type { Look } from "./kind";

export const unique: Look = {
  ...S.kinds.unique,
  group: "shape",
  icon: CopyMinus,
  defaults: () => ({ columns: [] }),
  configured: () => true,
  summary: (data) => texts(data["columns"]).join(", ") || S.node.summary.allColumns,
};
