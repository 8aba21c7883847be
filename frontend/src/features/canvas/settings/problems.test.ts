import { describe, expect, it } from "vitest";

import type { Problem } from "@/shared/schema/errors";

import { SHOWN_AT_FIELD } from "./forms";
import { errorAt, unplaced } from "./problems";

const problem = (field?: string, hint?: string): Problem => ({
  code: "invalid_config",
  detail: "It is wrong.",
  ...(field !== undefined && { field }),
  ...(hint !== undefined && { hint }),
});

describe("problems", () => {
  it("are said at the field they name, with what to do", () => {
    expect(errorAt([problem("left_keys.1", "Choose another."), problem("right_keys.1")], "left_keys.1")).toBe(
      "It is wrong. Choose another.",
    );
    expect(errorAt([problem("left_keys.1")], "left_keys")).toBeUndefined();
  });

  it.each([
    ["join", "left_keys.1", true],
    ["join", "right_key", true],
    ["join", "right", false],
    ["window", "order_by.0.column", true],
    ["time_bucket", "timezone", true],
    ["union", "inputs.1", false],
    ["filter", "filters.0", false],
  ])("of a %s at %s are shown there: %s", (kind, field, there) => {
    expect(unplaced([problem(field), problem()], SHOWN_AT_FIELD[kind])).toHaveLength(there ? 1 : 2);
  });
});
