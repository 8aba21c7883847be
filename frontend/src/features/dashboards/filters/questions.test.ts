import { expect, it } from "vitest";

import { DATE, DATETIME, STRING } from "@/shared/schema/types";

import { type FilterScope, questions, timeless } from "./questions";

const NOW = Date.parse("2026-03-05T14:30:45Z");
const column = (name: string, type: typeof DATE) => ({ name, type, nullable: false });
const SCOPE: FilterScope = {
  columns: [{ ...column("symbol", STRING), widgets: 4, table: { database: "d", table: "t" }, role: "symbol" }],
  times: new Map([
    ["trades", column("event_time", DATETIME)],
    ["bars", column("day", DATE)],
    ["quotes", column("event_time", DATETIME)],
    ["list", null],
  ]),
  lively: new Set(["trades"]),
};
const WIDGETS = [...SCOPE.times.keys()];
const SYMBOL = { column: "symbol", operator: "IN", value: ["SPY"] };
const conditions = [{ column: "symbol", operator: "IN", values: ["SPY"] }] as const;

it("is one question without a time, or with one column for all", () => {
  expect(questions(WIDGETS, { conditions, time: null }, SCOPE, NOW)).toEqual([{ filters: [SYMBOL], widget_ids: WIDGETS }]);
  const named = questions(WIDGETS, { conditions: [], time: { column: "event_time", range: "1h" } }, SCOPE, NOW);
  expect(named).toEqual([
    { filters: [{ column: "event_time", operator: ">=", value: "2026-03-05T13:30:00Z" }], widget_ids: WIDGETS },
  ]);
});

it("asks every widget by the time of its own source", () => {
  expect(questions(WIDGETS, { conditions, time: { column: null, range: "7d" } }, SCOPE, NOW)).toEqual([
    { filters: [SYMBOL, { column: "event_time", operator: ">=", value: "2026-02-26T14:30:00Z" }], widget_ids: ["trades", "quotes"] },
    { filters: [SYMBOL, { column: "day", operator: ">=", value: "2026-02-26" }], widget_ids: ["bars"] },
    { filters: [SYMBOL], widget_ids: ["list"] },
  ]);
});

it("says which widget a time range does not change", () => {
  const filters = { conditions: [], time: { column: null, range: "1h" } } as const;
  expect(WIDGETS.filter((id) => timeless(id, filters, SCOPE))).toEqual(["list"]);
  expect(timeless("list", { conditions: [], time: null }, SCOPE)).toBe(false);
});
