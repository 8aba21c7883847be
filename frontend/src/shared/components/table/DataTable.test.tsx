// @vitest-environment happy-dom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { DataTable } from "./DataTable";

const columns = [
  { name: "symbol", type: "string" },
  { name: "price", type: "decimal(18,6)" },
];

// A document without layout: the scroller is told how large it is.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(800);
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe("DataTable", () => {
  it("shows decimals as they came, and says what is null", () => {
    render(<DataTable label="Rows" columns={columns} rows={[["SPY", "9007199254740993.10"], [null, "1"]]} />);
    const cells = screen.getAllByRole("cell").map((cell) => cell.textContent);
    expect(cells).toEqual(["SPY", "9007199254740993.10", "null", "1"]);
  });

  it("treats markup in data as text", () => {
    render(<DataTable label="Rows" columns={columns} rows={[["<img src=x onerror=alert(1)>", "1"]]} />);
    expect(document.querySelector("img")).toBeNull();
  });

  it("draws only the rows in view, and numbers them from the page's first", () => {
    const rows = Array.from({ length: 1_000 }, (_, index) => [`S${index}`, "1"]);
    render(<DataTable label="Rows" columns={columns} rows={rows} offset={50} />);
    expect(screen.getAllByRole("rowheader").length).toBeLessThan(100);
    expect(screen.getByRole("rowheader", { name: "51" })).toBeDefined();
  });
});
