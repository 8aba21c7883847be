import { expect, it } from "vitest";

import type { Doc } from "../document/doc";
import { inNames } from "./inNames";

const node = (id: string, type: string, name?: string) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: {},
  ...(name !== undefined && { name }),
});

const doc: Doc = { nodes: [node("filter_1", "filter", "Only AAPL"), node("filter_12", "filter"), node("a+b", "sort")], edges: [] };

it.each([
  ["merged into filter_1 because it fits", "Merged into Only AAPL because it fits"],
  ["merged into filter_12 because it fits", "Merged into Filter 2 because it fits"],
  ["merged into a+b because a+bc", "Merged into Sort because a+bc"],
  ["opens a query on metrics.filter_1", "Opens a query on metrics.filter_1"],
])("%s", (detail, shown) => {
  expect(inNames(doc, detail)).toBe(shown);
});
