/** From rows to the cells of a heatmap. */

import type { Cell, Row, WireColumn } from "@/shared/api/types";
import { formatDatetime } from "@/shared/format/cell";
import { S } from "@/shared/strings";

import { byType } from "./cellOrder";
import type { HeatEncoding } from "./encodings";
import { toNumber } from "./series";

export interface HeatCell {
  /** Positions among the categories of both axes. */
  readonly x: number;
  readonly y: number;
  readonly value: number;
  /** The value as it came. */
  readonly text: string;
}

export interface HeatCells {
  readonly xs: readonly string[];
  readonly ys: readonly string[];
  readonly cells: readonly HeatCell[];
  readonly least: number;
  readonly most: number;
  /** Cells for which there are several rows; the last one is drawn. */
  readonly shared: number;
}

/** Times, numbers and texts each in their own order; a row without a number is no cell. */
export function buildHeat(columns: readonly WireColumn[], rows: readonly Row[], encoding: HeatEncoding): HeatCells {
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  const [xAt, yAt, valueAt] = [at(encoding.x), at(encoding.y), at(encoding.value)];
  const drawn = xAt < 0 || yAt < 0 ? [] : rows.filter((row) => toNumber(row[valueAt] ?? null) !== null);
  const xs = categories(drawn, xAt, columns[xAt]?.type ?? "");
  const ys = categories(drawn, yAt, columns[yAt]?.type ?? "");
  const found = new Map<number, HeatCell>();
  const shared = new Set<number>();
  let [least, most] = [Infinity, -Infinity];
  for (const row of drawn) {
    const [x, y] = [xs.places.get(row[xAt] ?? null) ?? 0, ys.places.get(row[yAt] ?? null) ?? 0];
    const cell = row[valueAt] ?? null;
    const value = toNumber(cell) ?? 0;
    const key = y * xs.labels.length + x;
    if (found.has(key)) shared.add(key);
    found.set(key, { x, y, value, text: String(cell) });
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return { xs: xs.labels, ys: ys.labels, cells: [...found.values()], least, most, shared: shared.size };
}

function categories(rows: readonly Row[], at: number, type: string) {
  const cells = [...new Set<Cell>(rows.map((row) => row[at] ?? null))].sort(byType(type));
  const label = (cell: Cell) =>
    cell === null ? S.results.nullText : type === "datetime" ? formatDatetime(String(cell)) : String(cell);
  return { labels: withoutSeconds(cells.map(label), type), places: new Map(cells.map((cell, place) => [cell, place])) };
}

/** Times of whole minutes say no seconds. */
function withoutSeconds(labels: string[], type: string): string[] {
  const whole = (label: string) => label === S.results.nullText || /:\d\d:00$/.test(label);
  return type === "datetime" && labels.every(whole) ? labels.map((label) => label.replace(/:00$/, "")) : labels;
}
