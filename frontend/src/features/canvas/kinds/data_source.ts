import { Database } from "lucide-react";

import { S } from "@/shared/strings";

import { text } from "./configs";
import type { Look } from "./kind";

export const dataSource: Look = {
  ...S.kinds.data_source,
  group: "source",
  icon: Database,
  defaults: () => ({ database: "", table: "" }),
  configured: (data) => text(data["table"]) !== "",
  summary: (data) =>
    text(data["table"]) === "" ? S.node.summary.noTable : `${text(data["database"])}.${text(data["table"])}${adjusted(data)}`,
};

function adjusted(data: Readonly<Record<string, unknown>>): string {
  const adjust = text(data["adjust"]);
  return adjust === "splits" || adjust === "total_return" ? `, ${S.node.summary.adjusted}` : "";
}
