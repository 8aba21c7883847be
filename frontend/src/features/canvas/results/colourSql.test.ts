import { describe, expect, it } from "vitest";

import { colourSql } from "./colourSql";

const SQL = "SELECT price FROM t WHERE symbol IN ('A') LIMIT 5";

describe("colourSql", () => {
  it("loses no character", () => {
    expect(colourSql(SQL, [7, 12, 99]).map(({ text }) => text).join("")).toBe(SQL);
    expect(colourSql("")).toEqual([]);
  });

  it("knows keywords, texts and numbers", () => {
    const tone = (text: string) => colourSql(SQL).find((piece) => piece.text === text)?.tone;
    expect(tone("SELECT")).toBe("keyword");
    expect(tone("'A'")).toBe("string");
    expect(tone("5")).toBe("number");
    expect(tone(" price ")).toBe("plain");
  });

  it("cuts where it is told, inside a word too", () => {
    const pieces = colourSql(SQL, [3, 9]);
    expect(pieces.map(({ text }) => text).slice(0, 4)).toEqual(["SEL", "ECT", " pr", "ice "]);
    expect(pieces.map(({ tone }) => tone).slice(0, 4)).toEqual(["keyword", "keyword", "plain", "plain"]);
  });
});
