import { describe, expect, it } from "vitest";

import { NODE_KINDS } from "@/shared/schema/generated/nodes";
import { parseSchema } from "@/shared/schema/types";

import { firstEncoding } from "./charts";
import { kindOf, KINDS } from "./index";

const schema = parseSchema([
  { name: "trade_date", type: "date" },
  { name: "symbol", type: "string" },
  { name: "volume", type: "int64" },
]);

describe("kinds", () => {
  it("are those of the server", () => {
    expect(KINDS.map(({ type }) => type).toSorted()).toEqual([...NODE_KINDS].toSorted());
  });

  it("summarise a configuration that is empty or strange", () => {
    for (const kind of KINDS) {
      expect(typeof kind.summary({})).toBe("string");
      expect(typeof kind.summary({ filters: 5, columns: {}, sorts: null, x: [], y: "a" })).toBe("string");
    }
  });

  it("draw an unknown type with a port on either side", () => {
    expect(kindOf("time_machine")).toMatchObject({ label: "time_machine", inputs: [{ handle: null }], hasOutput: true });
  });
});

describe("firstEncoding", () => {
  it("draws lines over time, one per text", () => {
    expect(firstEncoding(schema, "line_chart")).toEqual({ x: "trade_date", y: ["volume"], series: "symbol" });
  });

  it("draws bars by text", () => {
    expect(firstEncoding(schema, "bar_chart")).toEqual({ x: "symbol", y: ["volume"] });
  });

  it("waits for columns", () => expect(firstEncoding(null, "line_chart")).toEqual({ x: "", y: [] }));
});
