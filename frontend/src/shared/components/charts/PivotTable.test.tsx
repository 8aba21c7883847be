// @vitest-environment happy-dom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { PivotTable } from "./PivotTable";

const columns = [
  { name: "symbol", type: "string" },
  { name: "day", type: "date" },
  { name: "price", type: "decimal(18,6)" },
];
const encoding = { rows: ["symbol"], columns: ["day"], values: ["price"] };

// A document without layout: the scroller is told how large it is.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(800);
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

it("is a table with heads on both sides and exact cells", () => {
  const rows = [
    ["AAPL", "2026-03-02", "9007199254740993.10"],
    ["MSFT", "2026-03-03", null],
  ];
  render(<PivotTable encoding={encoding} columns={columns} rows={rows} />);
  expect(screen.getByRole("table", { name: "price by symbol × day" }).getAttribute("aria-rowcount")).toBe("3");
  expect(screen.getAllByRole("columnheader").map((each) => each.textContent)).toEqual(["stringsymbol", "2026-03-02", "2026-03-03"]);
  expect(screen.getAllByRole("rowheader").map((each) => each.textContent)).toEqual(["AAPL", "MSFT"]);
  expect(screen.getAllByRole("cell").map((each) => each.textContent)).toEqual(["9007199254740993.10", "empty", "empty", "null"]);
});

it("treats markup in data as text", () => {
  render(<PivotTable encoding={encoding} columns={columns} rows={[["<img src=x onerror=alert(1)>", "2026-03-02", "1"]]} />);
  expect(document.querySelector("img")).toBeNull();
});

it("draws only the lines in view, and says when rows share a cell", () => {
  const rows = Array.from({ length: 1_000 }, (_, index) => [`S${index % 999}`, "2026-03-02", "1"]);
  render(<PivotTable encoding={encoding} columns={columns} rows={rows} />);
  expect(screen.getAllByRole("rowheader").length).toBeLessThan(100);
  expect(screen.getByText(/1 cell has several rows/)).toBeDefined();
});
