/** From rows to bars, in the order of time. Texts keep the digits; numbers are only for drawing. */

import type { Cell, Row, WireColumn } from "@/shared/api/types";
import { fractionDigits } from "@/shared/format/cell";

import { type CandleEncoding, PRICE_FIELDS } from "./encodings";
import { toNumber } from "./series";

export interface Bar {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Open, high, low, close for drawing. */
  readonly prices: readonly [number, number, number, number];
  readonly volume: number | null;
  /** The row's own cells: time, open, high, low, close and, where there is one, volume. */
  readonly cells: readonly Cell[];
}

export interface Bars {
  readonly bars: readonly Bar[];
  /** Digits after the point that the prices need. */
  readonly digits: number;
  /** Whether bars have a time of day. */
  readonly timeOfDay: boolean;
  readonly hasVolume: boolean;
  /** How many bars begin when another one does: of several symbols, for example. */
  readonly shared: number;
}

const MAX_DIGITS = 8;

/** A row without a time or with a price missing is no bar. */
export function buildBars(columns: readonly WireColumn[], rows: readonly Row[], encoding: CandleEncoding): Bars {
  const at = (name: string | undefined) => columns.findIndex((column) => column.name === name);
  const places = [at(encoding.time), ...PRICE_FIELDS.map((field) => at(encoding[field])), at(encoding.volume)];
  const hasVolume = (places[5] ?? -1) >= 0;
  const found: Bar[] = [];
  let digits = 0;
  for (const row of rows) {
    const cells = places.slice(0, hasVolume ? 6 : 5).map((place) => row[place] ?? null);
    const time = cells[0] === null ? NaN : Date.parse(String(cells[0]));
    const [open, high, low, close] = cells.slice(1, 5).map(toNumber);
    if (Number.isNaN(time) || open == null || high == null || low == null || close == null) continue;
    for (const cell of cells.slice(1, 5)) digits = Math.max(digits, fractionDigits(String(cell)));
    found.push({ time, prices: [open, high, low, close], volume: toNumber(cells[5] ?? null), cells });
  }
  found.sort((a, b) => a.time - b.time);
  const shared = found.filter((bar, index) => bar.time === found[index - 1]?.time || bar.time === found[index + 1]?.time);
  const timeOfDay = columns[at(encoding.time)]?.type === "datetime";
  return { bars: found, digits: Math.min(MAX_DIGITS, digits), timeOfDay, hasVolume, shared: shared.length };
}
