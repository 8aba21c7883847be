import { TextCursorInput } from "lucide-react";

import { S } from "@/shared/strings";

import { renamesOf } from "./configs";
import type { Look } from "./kind";

export const rename: Look = {
  ...S.kinds.rename,
  group: "shape",
  icon: TextCursorInput,
  defaults: () => ({ renames: {} }),
  configured: (data) => Object.keys(renamesOf(data)).length > 0,
  summary: (data) =>
    Object.entries(renamesOf(data))
      .map(([old, name]) => `${old} → ${name}`)
      .join(", ") || S.node.summary.noRenames,
};
