import { describe, expect, it } from "vitest";

import { decimal, INT64, STRING } from "@/shared/schema/types";

import { describeFilter, fromCondition, readFilter, type TextFilter, toCondition, writeFilter } from "./filter";

const list = (first: readonly string[], more: number) => first.join(", ") + (more > 0 ? ` +${more}` : "");

describe("a filter in the address", () => {
  it.each<[string, TextFilter]>([
    ["symbol~in~AAPL~MSFT", { column: "symbol", operator: "IN", values: ["AAPL", "MSFT"] }],
    ["note~eq~50%25 %7E 1", { column: "note", operator: "=", values: ["50% ~ 1"] }],
    ["price~between~1~2", { column: "price", operator: "BETWEEN", values: ["1", "2"] }],
    ["venue~null", { column: "venue", operator: "IS NULL", values: [] }],
  ])("%s", (text, filter) => {
    expect(writeFilter(filter)).toBe(text);
    expect(readFilter(text)).toEqual(filter);
  });

  it.each(["", "symbol", "symbol~in", "symbol~like", "symbol~nonsense~1", "~eq~1", "price~between~1", "x~null~1"])(
    "takes %j for none",
    (text) => expect(readFilter(text)).toBeNull(),
  );

  it.each(["a~b", "100%", "%7E", "%257E", "~", "%"])("keeps %j as it is", (value) => {
    const filter: TextFilter = { column: value, operator: "=", values: [value] };
    expect(readFilter(writeFilter(filter))).toEqual(filter);
  });
});

describe("a filter for the API", () => {
  it("has values of the column's type, exactly", () => {
    const filter: TextFilter = { column: "id", operator: "IN", values: ["7", "9007199254740993"] };
    expect(toCondition(filter, INT64).value).toEqual([7, "9007199254740993"]);
    expect(toCondition({ ...filter, operator: "=", values: ["0.10"] }, decimal(18, 2)).value).toBe("0.10");
    expect(toCondition({ ...filter, values: ["7"] }, STRING).value).toEqual(["7"]);
    expect(toCondition({ column: "id", operator: "IS NULL", values: [] }, INT64)).toEqual({ column: "id", operator: "IS NULL" });
  });

  it("is unfinished without its values", () => {
    expect(fromCondition({ column: "symbol", operator: "IN", value: [] })).toBeNull();
    expect(fromCondition({ column: "symbol", operator: "BETWEEN", value: ["A", ""] })).toBeNull();
    expect(fromCondition({ column: "", operator: "=", value: "A" })).toBeNull();
    expect(fromCondition({ column: "symbol", operator: "=", value: "A" })).not.toBeNull();
  });
});

it("is described in a few words", () => {
  expect(describeFilter({ column: "symbol", operator: "IN", values: ["A", "B", "C", "D"] }, list)).toBe("symbol: A, B, C +1");
  expect(describeFilter({ column: "price", operator: ">=", values: ["10"] }, list)).toBe("price >= 10");
  expect(describeFilter({ column: "venue", operator: "IS NULL", values: [] }, list)).toBe("venue IS NULL");
});
