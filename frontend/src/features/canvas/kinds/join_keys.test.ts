import { describe, expect, it } from "vitest";

import { parseSchema } from "@/shared/schema/types";

import { asofJoin } from "./asof_join";
import { join } from "./join";
import { describePairs, keyPairsOf, withKeyPairs } from "./join_keys";

const trades = parseSchema([
  { name: "event_time", type: "datetime" },
  { name: "symbol", type: "string" },
  { name: "venue", type: "string" },
  { name: "trade_date", type: "date" },
  { name: "price", type: "decimal(18,6)" },
]);
const bars = parseSchema([
  { name: "window_start", type: "datetime" },
  { name: "available_at", type: "datetime" },
  { name: "venue", type: "string" },
  { name: "symbol", type: "string" },
  { name: "trade_date", type: "date" },
]);

describe("pairs of keys", () => {
  it("are read from one key or several", () => {
    expect(keyPairsOf({ left_key: "a", right_key: "b" })).toEqual([{ left: "a", right: "b" }]);
    expect(keyPairsOf({ left_keys: ["a", "b"], right_keys: ["c"] })).toEqual([
      { left: "a", right: "c" },
      { left: "b", right: "" },
    ]);
    expect(keyPairsOf({ left_keys: 5 })).toEqual([]);
  });

  it("are written as lists, and not at all when there are none", () => {
    expect(withKeyPairs([{ left: "a", right: "b" }])).toMatchObject({ left_keys: ["a"], right_keys: ["b"] });
    expect(Object.values(withKeyPairs([]))).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("are said once where the names are the same", () => {
    expect(describePairs([{ left: "a", right: "a" }, { left: "b", right: "c" }])).toBe("a, b = c");
  });
});

describe("a join that begins", () => {
  it("pairs the symbol and the day", () => {
    expect(join.defaults(trades, [trades, bars])).toEqual({
      join_type: "inner",
      left_keys: ["symbol", "trade_date"],
      right_keys: ["symbol", "trade_date"],
    });
  });

  it("waits for both sides", () => {
    const begun = join.defaults(trades, [trades, null]);
    expect(begun).toEqual({ join_type: "inner" });
    expect(join.configured(begun)).toBe(false);
  });
});

describe("an as-of join that begins", () => {
  it("takes the time when a bucket was known", () => {
    expect(asofJoin.defaults(trades, [trades, bars])).toMatchObject({
      left_time: "event_time",
      right_time: "available_at",
      left_keys: ["symbol"],
    });
  });

  it("needs no keys", () => {
    expect(asofJoin.configured({ left_time: "a", right_time: "b" })).toBe(true);
    expect(asofJoin.configured({ left_time: "a", right_time: "" })).toBe(false);
    expect(asofJoin.configured({ left_time: "a", right_time: "b", left_keys: ["x"], right_keys: [""] })).toBe(false);
  });
});
