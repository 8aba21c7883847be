import { describe, expect, it } from "vitest";

import { NODES } from "@/shared/schema/generated/nodes";
import { parseSchema } from "@/shared/schema/types";

import { defaultOutput, WINDOW_FUNCTIONS, window, withFunction } from "./window";

const schema = parseSchema([
  { name: "event_time", type: "datetime" },
  { name: "symbol", type: "string" },
  { name: "price", type: "decimal(18,6)" },
]);

describe("window functions", () => {
  it("are those of the server", () => {
    expect([...WINDOW_FUNCTIONS].sort()).toEqual([...(NODES.window.schema.properties?.["function"]?.enum ?? [])].sort());
  });

  it("take along what the next one takes too", () => {
    const rolling = { function: "rolling_avg", column: "price", frame: { rows: 5 } };
    expect(withFunction(rolling, "rolling_max", schema)).toMatchObject({ column: "price", frame: { rows: 5 }, offset: undefined });
    expect(withFunction(rolling, "lag", schema)).toMatchObject({ column: "price", frame: undefined });
    expect(withFunction(rolling, "rank", schema)).toMatchObject({ column: undefined, frame: undefined });
    expect(withFunction({ function: "rank" }, "rolling_sum", schema)).toMatchObject({ column: "price", frame: { rows: 20 } });
  });

  it("name their column as the server does", () => {
    expect(defaultOutput({ function: "lag", column: "price" })).toBe("lag_price");
    expect(defaultOutput({ function: "rank", column: "price" })).toBe("rank");
  });

  it("begin with a time, a partition and a price", () => {
    expect(window.defaults(schema, [schema])).toMatchObject({
      column: "price",
      partition_by: ["symbol"],
      order_by: [{ column: "event_time" }],
    });
  });
});
