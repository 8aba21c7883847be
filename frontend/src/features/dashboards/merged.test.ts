import { expect, it } from "vitest";

import type { WidgetData, WidgetResult } from "@/shared/api/types";

import { merged } from "./merged";

const rows = (id: string, asOf: string): WidgetResult => ({
  widget_id: id,
  status: 200,
  data: { as_of: asOf } as WidgetData,
});
const problem = (id: string, status: number): WidgetResult => ({
  widget_id: id,
  status,
  problem: { title: "", detail: "", code: "x", status },
});

const SHOWN = [rows("a", "2026-03-02T10:00:00Z"), rows("b", "2026-03-02T10:00:00Z")];

it("puts what was asked for again in its place, and leaves the rest as it is", () => {
  const next = rows("b", "2026-03-02T10:00:05Z");
  expect(merged(SHOWN, [next, rows("gone", "2026-03-02T10:00:05Z")])).toEqual([SHOWN[0], next]);
});

it("never goes back in time", () => {
  expect(merged(SHOWN, [rows("a", "2026-03-02T09:59:59Z")])).toEqual(SHOWN);
});

it("keeps rows through a failure that will pass, and shows one that will not", () => {
  expect(merged(SHOWN, [problem("a", 503), problem("b", 0)])).toEqual(SHOWN);
  expect(merged(SHOWN, [problem("a", 422)])).toEqual([problem("a", 422), SHOWN[1]]);
});

it("is nothing before there is anything", () => {
  expect(merged(undefined, SHOWN)).toBeUndefined();
});
