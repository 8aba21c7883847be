import { describe, expect, it } from "vitest";

import { COLUMNS, fromGrid, MIN_WIDTH, nudge, placesOf, resize, toGrid } from "./layout";

const place = (widget_id: string, x: number, y: number, w = 6, h = 8) => ({ widget_id, x, y, w, h });

describe("placesOf", () => {
  it("keeps stored places and adds the missing below, two in a row", () => {
    const places = placesOf([place("a", 0, 0)], [{ id: "a" }, { id: "b" }, { id: "c" }, { id: "d" }]);
    expect(places.map(({ widget_id, x, y }) => [widget_id, x, y])).toEqual([
      ["a", 0, 0],
      ["b", 0, 8],
      ["c", 6, 8],
      ["d", 0, 17],
    ]);
  });

  it("forgets widgets that are gone and layouts that are none of ours", () => {
    expect(placesOf([place("gone", 0, 0)], [])).toEqual([]);
    expect(placesOf({ rows: 1 }, [{ id: "a" }])).toHaveLength(1);
    expect(placesOf([{ widget_id: "a", x: "0" }], [{ id: "a" }])[0]).toMatchObject({ x: 0, y: 0 });
  });
});

describe("the grid", () => {
  it("gives back what it was given", () => {
    const places = [place("a", 0, 0), place("b", 6, 0)];
    expect(fromGrid(toGrid(places), places)).toEqual(places);
  });
});

describe("keyboard steps", () => {
  const places = [place("a", 0, 0), place("b", 6, 0)];
  const of = (all: typeof places | readonly (typeof places)[number][], id: string) =>
    all.find((each) => each.widget_id === id);

  it("move within the grid, and others give way", () => {
    expect(of(nudge(places, "a", -1, 0), "a")).toMatchObject({ x: 0 });
    const moved = nudge(places, "a", 2, 0);
    expect(of(moved, "a")).toMatchObject({ x: 2, y: 0 });
    expect(of(moved, "b")?.y).toBe(8);
  });

  it("move past the neighbour above or below", () => {
    const stacked = [place("a", 0, 0, 6, 4), place("b", 0, 4, 6, 8)];
    const down = nudge(stacked, "a", 0, 1);
    expect([of(down, "a")?.y, of(down, "b")?.y]).toEqual([8, 0]);
    const up = nudge(stacked, "b", 0, -1);
    expect([of(up, "a")?.y, of(up, "b")?.y]).toEqual([8, 0]);
    expect(nudge(stacked, "a", 0, -1)).toEqual(stacked);
  });

  it("resize between the least width and the edge", () => {
    expect(of(resize(places, "b", 5, 0), "b")?.w).toBe(COLUMNS - 6);
    expect(of(resize(places, "a", -20, 0), "a")?.w).toBe(MIN_WIDTH);
  });
});
