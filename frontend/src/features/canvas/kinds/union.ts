import { Layers } from "lucide-react";

import { S } from "@/shared/strings";

import type { Look } from "./kind";

export const union: Look = {
  ...S.kinds.union,
  group: "combine",
  icon: Layers,
  defaults: () => ({ mode: "all" }),
  configured: () => true,
  summary: (data) => (data["mode"] === "distinct" ? S.node.summary.distinctRows : S.node.summary.allRows),
};
