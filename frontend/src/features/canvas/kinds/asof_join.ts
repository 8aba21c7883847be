import { History } from "lucide-react";

import { isTemporal, type Schema } from "@/shared/schema/types";
import { S } from "@/shared/strings";

import { text } from "./configs";
import { describePairs, isPaired, keyPairsOf, sharedText, withKeyPairs } from "./join_keys";
import type { Look } from "./kind";

/** The time that says when a row was known: buckets name it, other rows have one instant. */
function knownAt(schema: Schema | null): string {
  const times = (schema ?? []).filter((column) => isTemporal(column.type));
  const preferred = ["available_at", "event_time"].flatMap((name) => times.find((column) => column.name === name) ?? []);
  return (preferred[0] ?? times.find(({ type }) => type.kind === "datetime") ?? times[0])?.name ?? "";
}

export const asofJoin: Look = {
  ...S.kinds.asof_join,
  group: "combine",
  icon: History,
  defaults: (left, [, right = null]) => {
    const pair = sharedText(left, right);
    const { left_keys, right_keys } = withKeyPairs(pair ? [pair] : []);
    return {
      ...(pair && { left_keys, right_keys }),
      left_time: knownAt(left),
      right_time: knownAt(right),
      direction: "backward",
      join_type: "left",
    };
  },
  configured: (data) =>
    text(data["left_time"]) !== "" && text(data["right_time"]) !== "" && keyPairsOf(data).every(isPaired),
  summary: (data) => {
    const [left, right] = [text(data["left_time"]), text(data["right_time"])];
    if (left === "" || right === "") return S.node.summary.noTimes;
    const pairs = keyPairsOf(data);
    if (!pairs.every(isPaired)) return S.node.summary.unfinishedKeys;
    return S.node.summary.asOf(text(data["direction"]) === "forward", right, describePairs(pairs));
  },
};
