import { SquareFunction } from "lucide-react";

import { S } from "@/shared/strings";

import { text } from "./configs";
import type { Look } from "./kind";

export const formula: Look = {
  ...S.kinds.formula,
  group: "compute",
  icon: SquareFunction,
  defaults: () => ({ expression: "", output_column: "value" }),
  configured: (data) => text(data["expression"]).trim() !== "",
  summary: (data) => {
    const expression = text(data["expression"]).trim();
    return expression === "" ? S.node.summary.noFormula : `${text(data["output_column"])} = ${expression}`;
  },
};
