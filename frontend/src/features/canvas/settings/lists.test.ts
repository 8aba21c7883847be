import { describe, expect, it, vi } from "vitest";

import { moveBy, movers, removeAt, replaceAt } from "./lists";

describe("lists", () => {
  it("replace, remove and move without changing the original", () => {
    const items = ["a", "b", "c"];
    expect(replaceAt(items, 1, "x")).toEqual(["a", "x", "c"]);
    expect(removeAt(items, 0)).toEqual(["b", "c"]);
    expect(moveBy(items, 0, 1)).toEqual(["b", "a", "c"]);
    expect(moveBy(items, 2, -2)).toEqual(["c", "a", "b"]);
    expect(moveBy(items, 2, 1)).toEqual(items);
    expect(items).toEqual(["a", "b", "c"]);
  });

  it("offer no way out of the list", () => {
    const changed = vi.fn();
    const first = movers(["a", "b"], 0, changed);
    expect(first.onUp).toBeUndefined();
    first.onDown?.();
    expect(changed).toHaveBeenCalledWith(["b", "a"]);
  });
});
