/** From rows to the grid of a pivot table: heads with their spans, and one line of cells per row head. */

import type { Cell, Row, WireColumn } from "@/shared/api/types";

import { byType } from "./cellOrder";
import type { GridEncoding } from "./encodings";

/** A head over `span` columns. `level` is the column whose value it is, null for the name of a value. */
export interface ColumnHead {
  readonly value: Cell;
  readonly level: WireColumn | null;
  readonly span: number;
}

export interface GridLine {
  readonly heads: readonly Cell[];
  /** One per column of the grid; undefined where no row says anything. */
  readonly cells: readonly (Cell | undefined)[];
}

export interface Grid {
  /** The columns whose values head the lines. */
  readonly levels: readonly WireColumn[];
  /** From the outermost level to the innermost. */
  readonly heads: readonly (readonly ColumnHead[])[];
  /** The value column that each column of the grid shows. */
  readonly measures: readonly WireColumn[];
  readonly lines: readonly GridLine[];
  /** Columns without the limit. */
  readonly totalColumns: number;
  /** Cells for which there are several rows; the last one is shown. */
  readonly shared: number;
}

export const MAX_COLUMNS = 200;

/** Heads are in their own order, level by level, null last. */
export function buildGrid(columns: readonly WireColumn[], rows: readonly Row[], encoding: GridEncoding): Grid {
  const [down, across, values] = [encoding.rows, encoding.columns, encoding.values].map((names) => places(columns, names));
  const lines = paths(columns, rows, down ?? []);
  const all = paths(columns, rows, across ?? []);
  const each = values ?? [];
  const shown = { ...all, list: all.list.slice(0, Math.max(1, Math.floor(MAX_COLUMNS / Math.max(1, each.length)))) };

  const cells = lines.list.map((): (Cell | undefined)[] => new Array<Cell | undefined>(shown.list.length * each.length).fill(undefined));
  const filled = new Set<string>();
  const shared = new Set<string>();
  for (const row of rows) {
    const [line, column] = [lines.place(row), shown.place(row)];
    const target = cells[line];
    if (!target || column >= shown.list.length) continue;
    const key = `${line} ${column}`;
    if (filled.has(key)) shared.add(key);
    filled.add(key);
    each.forEach((value, at) => (target[column * each.length + at] = row[value] ?? null));
  }
  const measures = each.flatMap((value) => columns[value] ?? []);
  return {
    levels: (down ?? []).flatMap((at) => columns[at] ?? []),
    heads: headRows(shown.list, (across ?? []).flatMap((at) => columns[at] ?? []), measures),
    measures: shown.list.flatMap(() => measures),
    lines: lines.list.map((heads, at) => ({ heads, cells: cells[at] ?? [] })),
    totalColumns: all.list.length * each.length,
    shared: shared.size,
  };
}

function places(columns: readonly WireColumn[], names: readonly string[]): number[] {
  return names.map((name) => columns.findIndex((column) => column.name === name)).filter((at) => at >= 0);
}

/** The different paths of values in these columns, in order, and which of them a row has. */
function paths(columns: readonly WireColumn[], rows: readonly Row[], at: readonly number[]) {
  const read = (row: Row) => at.map((place) => row[place] ?? null);
  const found = new Map<string, readonly Cell[]>();
  for (const row of rows) {
    const path = read(row);
    found.set(JSON.stringify(path), path);
  }
  const orders = at.map((place) => byType(columns[place]?.type ?? ""));
  const list = [...found.values()].sort((a, b) => {
    for (const [level, order] of orders.entries()) {
      const difference = order(a[level] ?? null, b[level] ?? null);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  const order = new Map(list.map((path, place) => [JSON.stringify(path), place]));
  return { list, place: (row: Row) => order.get(JSON.stringify(read(row))) ?? list.length };
}

/** One line of heads per level, and one with the names of the values where that says something. */
function headRows(
  list: readonly (readonly Cell[])[],
  levels: readonly WireColumn[],
  measures: readonly WireColumn[],
): readonly (readonly ColumnHead[])[] {
  const heads = levels.map((level, depth) => {
    const row: { value: Cell; level: WireColumn; span: number; key: string }[] = [];
    for (const path of list) {
      const key = JSON.stringify(path.slice(0, depth + 1));
      const last = row.at(-1);
      if (last?.key === key) last.span += measures.length;
      else row.push({ value: path[depth] ?? null, level, span: measures.length, key });
    }
    return row.map(({ value, span }): ColumnHead => ({ value, level, span }));
  });
  if (levels.length > 0 && measures.length === 1) return heads;
  const names = list.flatMap(() => measures.map(({ name }): ColumnHead => ({ value: name, level: null, span: 1 })));
  return [...heads, names];
}
