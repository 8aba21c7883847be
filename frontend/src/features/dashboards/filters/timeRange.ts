/**
 * The time that a dashboard shows, as its address carries it: `t=1h`, each widget by its own time, or
 * `t=trade_date~2026-03-02..2026-03-06` by one column. A relative range moves with the clock; both ends are UTC.
 */

import type { DataFilter } from "@/shared/api/types";
import type { S } from "@/shared/strings";

export type Relative = keyof typeof S.filters.ranges;

export interface TimeRange {
  /** Null: the column that tells the time in each widget's own source. */
  readonly column: string | null;
  readonly range: Relative | Span;
}

/** Days (`2026-03-02`, the last one included) or moments (`2026-03-02T14:30`, the last one not); empty: open. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LENGTHS: Readonly<Partial<Record<Relative, number>>> = {
  "15m": 15 * MINUTE,
  "1h": HOUR,
  "4h": 4 * HOUR,
  "1d": DAY,
  "7d": 7 * DAY,
  "30d": 30 * DAY,
  "90d": 90 * DAY,
  "1y": 365 * DAY,
};
export const RELATIVE: readonly Relative[] = ["15m", "1h", "4h", "1d", "7d", "30d", "90d", "1y", "today", "ytd"];
/** Shorter than a day: meaningless for a column of days. */
export const WITHIN_A_DAY: ReadonlySet<Relative> = new Set(["15m", "1h", "4h"]);

const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?$/;
const isBound = (text: string) => text === "" || (MOMENT.test(text) && !Number.isNaN(Date.parse(text)));

export function writeTimeRange({ column, range }: TimeRange): string {
  const written = typeof range === "string" ? range : `${range.from}..${range.to}`;
  return column === null ? written : `${column}~${written}`;
}

export function readTimeRange(text: string | null): TimeRange | null {
  if (text === null || text.startsWith("~")) return null;
  const at = text.lastIndexOf("~");
  const [column, written] = [at < 0 ? null : text.slice(0, at), text.slice(at + 1)];
  const relative = RELATIVE.find((each) => each === written);
  if (relative) return { column, range: relative };
  const [from, to, ...rest] = written.split("..");
  if (from === undefined || to === undefined || rest.length > 0 || !isBound(from) || !isBound(to)) return null;
  return from === "" && to === "" ? null : { column, range: { from, to } };
}

/** Whether the range ends before it begins. */
export function isInverted({ from, to }: Span): boolean {
  return from !== "" && to !== "" && from > to;
}

/** The range as conditions on its column. Relative ones begin at a whole minute, so that answers can be shared. */
export function timeFilters(range: TimeRange["range"], column: string, days: boolean, now: number): readonly DataFilter[] {
  const bound = (operator: string, value: string): DataFilter => ({ column, operator, value });
  if (typeof range === "string") {
    const from = new Date(startOf(range, now)).toISOString();
    return [bound(">=", days ? from.slice(0, 10) : `${from.slice(0, 19)}Z`)];
  }
  const filters: DataFilter[] = [];
  if (range.from !== "") filters.push(bound(">=", days ? range.from.slice(0, 10) : instant(range.from)));
  if (range.to !== "") {
    const wholeDay = !range.to.includes("T");
    if (days) filters.push(bound("<=", range.to.slice(0, 10)));
    else filters.push(bound("<", wholeDay ? instant(dayAfter(range.to)) : instant(range.to)));
  }
  return filters;
}

function startOf(range: Relative, now: number): number {
  const minute = Math.floor(now / MINUTE) * MINUTE;
  if (range === "today") return Math.floor(now / DAY) * DAY;
  if (range === "ytd") return Date.UTC(new Date(now).getUTCFullYear(), 0, 1);
  return minute - (LENGTHS[range] ?? 0);
}

function instant(text: string): string {
  const [day = "", time = "00:00"] = text.split("T");
  return `${day}T${time.length === 5 ? `${time}:00` : time}Z`;
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + DAY).toISOString().slice(0, 10);
}
