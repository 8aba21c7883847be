import { expect, it } from "vitest";

import { change, formatChange } from "./change";

it.each([
  [110, 100, "+10%"],
  [90, 100, "-10%"],
  [100, 100, "0%"],
  [-50, -100, "+50%"],
  [1, 0, null],
  [null, 1, null],
  [1, null, null],
])("from %j against %j is %j", (value, comparison, expected) => {
  const share = change(value, comparison);
  expect(share === null ? null : formatChange(share)).toBe(expected);
});
