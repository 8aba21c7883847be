/** From rows to the nested areas of a treemap. */

import type { Row, WireColumn } from "@/shared/api/types";
import { formatDatetime } from "@/shared/format/cell";
import { S } from "@/shared/strings";

import type { TreeEncoding } from "./encodings";
import { toNumber } from "./series";

export interface Tile {
  readonly name: string;
  /** For drawing; of a level that has others in it, their sum. */
  value: number;
  /** The value as it came; undefined where several rows were added up. */
  text: string | undefined;
  readonly children: Tile[];
}

export interface Tiles {
  readonly tiles: readonly Tile[];
  /** Innermost areas that are drawn, and how many there are. */
  readonly shown: number;
  readonly total: number;
  /** Rows whose value is missing, zero or below: they have no area. */
  readonly without: number;
}

export const MAX_TILES = 1_000;

/** The largest areas first; rows of one path add up. */
export function buildTree(columns: readonly WireColumn[], rows: readonly Row[], encoding: TreeEncoding): Tiles {
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  const levels = encoding.path.map(at);
  const valueAt = at(encoding.value);
  if (levels.length === 0 || levels.includes(-1) || valueAt < 0) return { tiles: [], shown: 0, total: 0, without: 0 };
  const leaves = new Map<string, { names: string[]; value: number; text: string | undefined }>();
  let without = 0;
  for (const row of rows) {
    const cell = row[valueAt] ?? null;
    const value = toNumber(cell) ?? 0;
    if (value <= 0) {
      without++;
      continue;
    }
    const names = levels.map((level) => {
      const head = row[level] ?? null;
      return head === null ? S.results.nullText : columns[level]?.type === "datetime" ? formatDatetime(String(head)) : String(head);
    });
    const key = JSON.stringify(names);
    const known = leaves.get(key);
    leaves.set(key, { names, value: (known?.value ?? 0) + value, text: known ? undefined : String(cell) });
  }
  const largest = [...leaves.values()].sort((a, b) => b.value - a.value).slice(0, MAX_TILES);
  const tiles: Tile[] = [];
  for (const { names, value, text } of largest) grow(tiles, names, value, text);
  return { tiles, shown: largest.length, total: leaves.size, without };
}

function grow(siblings: Tile[], [name = "", ...inner]: readonly string[], value: number, text: string | undefined): void {
  let tile = siblings.find((each) => each.name === name);
  if (!tile) {
    tile = { name, value: 0, text: inner.length === 0 ? text : undefined, children: [] };
    siblings.push(tile);
  }
  tile.value += value;
  if (inner.length > 0) grow(tile.children, inner, value, text);
}
