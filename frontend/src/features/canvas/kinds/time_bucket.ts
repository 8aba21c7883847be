import { CalendarClock } from "lucide-react";

import { isTemporal } from "@/shared/schema/types";
import { S } from "@/shared/strings";

import type { Config } from "../document/doc";
import { text } from "./configs";
import type { Look } from "./kind";

/** What the buckets start from, in a few words; nothing for UTC. */
function anchorOf(data: Config): string {
  if (data["anchor"] === "zone") return `, ${text(data["timezone"])}`;
  if (data["anchor"] === "session") return `, ${text(data["calendar"]) || "XNYS"} ${text(data["session"]) || "all"}`;
  return "";
}

export const timeBucket: Look = {
  ...S.kinds.time_bucket,
  group: "compute",
  icon: CalendarClock,
  defaults: (input) => {
    const times = (input ?? []).filter((column) => isTemporal(column.type));
    const column = times.find(({ type }) => type.kind === "datetime") ?? times[0];
    return { column: column?.name ?? "", size: "5m", anchor: "utc", output_column: "bucket" };
  },
  configured: (data) => text(data["column"]) !== "" && text(data["size"]) !== "",
  summary: (data) => {
    const [column, size] = [text(data["column"]), text(data["size"])];
    return column === "" ? S.node.summary.noBucket : S.node.summary.bucket(column, size, anchorOf(data));
  },
};
