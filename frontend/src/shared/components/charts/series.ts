/** From rows to drawable series. Exact decimals become numbers here and only here. */

import type { Cell, Row, WireColumn } from "@/shared/api/types";
import { isNumericType, isTemporalType } from "@/shared/format/cell";

export interface Encoding {
  readonly x: string;
  readonly y: readonly string[];
  readonly series?: string | null | undefined;
}

/** A point's x is a time in milliseconds, a number or a category; its y is null where the value is. */
export type Point = readonly [number | string, number | null];

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

export interface SeriesSet {
  readonly series: readonly Series[];
  /** How many there would be without the limit. */
  readonly total: number;
  readonly temporal: boolean;
  /** Whether x is a number to measure by, not a category. */
  readonly quantitative: boolean;
  /** Whether times have a time of day; false for dates. */
  readonly timeOfDay: boolean;
  /** Distinct x values in order of appearance; empty for times and numbers. */
  readonly categories: readonly string[];
}

export const MAX_SERIES = 24;

const NAMES = new Intl.Collator("en", { numeric: true });

/** A cell as a number for drawing; what is not a finite number is a gap. */
export function toNumber(cell: Cell): number | null {
  if (cell === null || cell === "" || typeof cell === "boolean") return null;
  const value = Number(cell);
  return Number.isFinite(value) ? value : null;
}

/** `measured`: numbers on x are measured along the axis, not listed as categories. */
export function buildSeries(
  columns: readonly WireColumn[],
  rows: readonly Row[],
  encoding: Encoding,
  measured = false,
): SeriesSet {
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  const xAt = at(encoding.x);
  const type = columns[xAt]?.type ?? "";
  const temporal = isTemporalType(type);
  const timeOfDay = type === "datetime";
  const quantitative = measured && isNumericType(type);
  const splitAt = encoding.series ? at(encoding.series) : -1;
  const measures = encoding.y.map((name) => ({ name, index: at(name) })).filter(({ index }) => index >= 0);
  const empty = { series: [], total: 0, temporal, quantitative, timeOfDay, categories: [] };
  if (xAt < 0 || measures.length === 0) return empty;

  const found = new Map<string, Point[]>();
  const categories = new Set<string>();
  for (const row of rows) {
    const raw = row[xAt] ?? null;
    const x = temporal ? Date.parse(String(raw)) : quantitative ? (toNumber(raw) ?? NaN) : String(raw ?? "null");
    if (typeof x === "number" ? Number.isNaN(x) : categories.add(x).size === 0) continue;
    for (const { name, index } of measures) {
      const key = seriesName(name, splitAt >= 0 ? (row[splitAt] ?? null) : undefined, measures.length);
      const points = found.get(key);
      const point: Point = [x, toNumber(row[index] ?? null)];
      if (points) points.push(point);
      else found.set(key, [point]);
    }
  }
  // Measures keep their order; split series go by name, so that a name keeps its colour.
  const named = splitAt >= 0 ? [...found].sort(([a], [b]) => NAMES.compare(a, b)) : [...found];
  const series = named.slice(0, MAX_SERIES).map(([name, points]) => ({ name, points }));
  return { series, total: found.size, temporal, quantitative, timeOfDay, categories: [...categories] };
}

function seriesName(measure: string, split: Cell | undefined, measures: number): string {
  if (split === undefined) return measure;
  const label = String(split ?? "null");
  return measures > 1 ? `${label} · ${measure}` : label;
}
