import { describe, expect, it } from "vitest";

import { decimal, findColumn, formatSchema, formatType, isNumeric, isTemporal, KINDS, parseSchema, parseType, sameSchema } from "./types";

describe("column types", () => {
  it.each([...KINDS.filter((kind) => kind !== "decimal"), "decimal(18,6)", "decimal(76,76)", "decimal(1,0)"])(
    "%s is read and written",
    (text) => {
      expect(formatType(parseType(text))).toBe(text);
    },
  );

  it("a space after the comma is allowed", () => {
    expect(parseType("decimal(18, 6)")).toEqual(decimal(18, 6));
  });

  it.each(["", "int", "decimal", "decimal(0,0)", "decimal(77,0)", "decimal(3,4)", "decimal(1)", "Int64", " int64"])(
    "%j is not a type",
    (text) => {
      expect(() => parseType(text)).toThrow(RangeError);
    },
  );

  it("knows which are numbers and which are times", () => {
    const types = [...KINDS.filter((kind) => kind !== "decimal"), "decimal(4,2)"].map(parseType);
    expect(types.filter(isNumeric).map(formatType)).toEqual(["int64", "float64", "decimal(4,2)"]);
    expect(types.filter(isTemporal).map(formatType)).toEqual(["date", "datetime"]);
  });
});

describe("schemas", () => {
  const wire = [
    { name: "symbol", type: "string", nullable: false },
    { name: "price", type: "decimal(18,6)", nullable: true },
  ];

  it("are read and written", () => {
    expect(formatSchema(parseSchema(wire))).toEqual(wire);
    expect(parseSchema([{ name: "a", type: "date" }])[0]?.nullable).toBe(false);
  });

  it("find a column by its exact name", () => {
    expect(findColumn(parseSchema(wire), "price")?.nullable).toBe(true);
    expect(findColumn(parseSchema(wire), "Price")).toBeUndefined();
  });

  it.each([
    ["a name", [{ ...wire[0], name: "Symbol" }, wire[1]]],
    ["a type", [{ ...wire[0], type: "date" }, wire[1]]],
    ["a scale", [wire[0], { ...wire[1], type: "decimal(18,5)" }]],
    ["nullability", [{ ...wire[0], nullable: true }, wire[1]]],
    ["the order", [wire[1], wire[0]]],
    ["the length", [wire[0]]],
  ])("differ by %s", (_, other) => {
    expect(sameSchema(parseSchema(wire), parseSchema(other as typeof wire))).toBe(false);
  });

  it("are the same when all of that is", () => {
    expect(sameSchema(parseSchema(wire), parseSchema(wire))).toBe(true);
  });
});
