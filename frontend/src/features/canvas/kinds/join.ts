import { Merge } from "lucide-react";

import { S } from "@/shared/strings";

import { text } from "./configs";
import { describePairs, isPaired, keyPairsOf, sharedDate, sharedText, withKeyPairs } from "./join_keys";
import type { Look } from "./kind";

export const join: Look = {
  ...S.kinds.join,
  group: "combine",
  icon: Merge,
  defaults: (left, [, right = null]) => {
    const pairs = [sharedText(left, right), sharedDate(left, right)].filter((pair) => pair !== null);
    const { left_keys, right_keys } = withKeyPairs(pairs);
    return { join_type: "inner", ...(pairs.length > 0 && { left_keys, right_keys }) };
  },
  configured: (data) => {
    const pairs = keyPairsOf(data);
    return pairs.length > 0 && pairs.every(isPaired);
  },
  summary: (data) => {
    const pairs = keyPairsOf(data);
    if (pairs.length === 0) return S.node.summary.noKeys;
    if (!pairs.every(isPaired)) return S.node.summary.unfinishedKeys;
    return S.node.summary.join(text(data["join_type"]) || "inner", describePairs(pairs));
  },
};
