/**
 * Which columns a picture is made of. Read leniently from a node's configuration or a widget's chart
 * spec, whose members are one: the schema rules judge it, not the picture.
 */

import type { Encoding } from "./series";

export type EncodingSource = Readonly<Record<string, unknown>>;

export const PRICE_FIELDS = ["open", "high", "low", "close"] as const;

export interface CandleEncoding {
  readonly time: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume?: string;
}

export interface HeatEncoding {
  readonly x: string;
  readonly y: string;
  readonly value: string;
}

export interface TreeEncoding {
  readonly path: readonly string[];
  readonly value: string;
}

export interface GridEncoding {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly values: readonly string[];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name): name is string => typeof name === "string") : [];
}

export function readAxes({ x, y, series }: EncodingSource): Encoding {
  return { x: text(x), y: texts(y), ...(text(series) !== "" && { series: text(series) }) };
}

export function readCandles({ time, open, high, low, close, volume }: EncodingSource): CandleEncoding {
  const prices = { open: text(open), high: text(high), low: text(low), close: text(close) };
  return { time: text(time), ...prices, ...(text(volume) !== "" && { volume: text(volume) }) };
}

export function readHeat({ x, y, value }: EncodingSource): HeatEncoding {
  return { x: text(x), y: text(y), value: text(value) };
}

export function readTree({ path, value }: EncodingSource): TreeEncoding {
  return { path: texts(path), value: text(value) };
}

export function readGrid({ rows, columns, values }: EncodingSource): GridEncoding {
  return { rows: texts(rows), columns: texts(columns), values: texts(values) };
}
