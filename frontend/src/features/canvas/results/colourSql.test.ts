import { describe, expect, it } from "vitest";

import { colourSql } from "./colourSql";

const SQL = "SELECT price FROM t WHERE symbol IN ('A') LIMIT 5";

describe("colourSql", () => {
  it("loses no character", () => {
    expect(colourSql(SQL, [7, 12]).map(({ text }) => text).join("")).toBe(SQL);
    expect(colourSql("", null)).toEqual([]);
  });

  it("knows keywords, texts and numbers", () => {
    const tone = (text: string) => colourSql(SQL, null).find((piece) => piece.text === text)?.tone;
    expect(tone("SELECT")).toBe("keyword");
    expect(tone("'A'")).toBe("string");
    expect(tone("5")).toBe("number");
  });

  it("marks exactly the span", () => {
    const marked = colourSql(SQL, [7, 17]).filter((piece) => piece.marked);
    expect(marked.map(({ text }) => text).join("")).toBe(SQL.slice(7, 17));
  });
});
