import { expect, it } from "vitest";

import { isTableName, tableNameOf } from "./tableName";

it.each([
  ["trades.csv", "trades"],
  ["2026-03 trades (new).csv", "t_2026_03_trades_new"],
  ["Überblick.parquet", "U_berblick"],
  ["取引.csv", "t"],
  ["a.b.csv", "a_b"],
  [`${"x".repeat(80)}.csv`, "x".repeat(63)],
])("%s becomes %s", (file, name) => {
  expect(tableNameOf(file)).toBe(name);
  expect(isTableName(name)).toBe(true);
});

it.each(["", "1a", "a-b", "a b", "ä", "x".repeat(64)])("%j is no name of a table", (name) => expect(isTableName(name)).toBe(false));
