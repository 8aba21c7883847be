import { useMemo, useRef } from "react";

import type { Cell, Row, WireColumn } from "@/shared/api/types";
import { cellFormatter, isNumericType } from "@/shared/format/cell";
import { S } from "@/shared/strings";
import { cx } from "@/shared/ui/cx";

import { columnWidths } from "../table/columnWidths";
import { useRowsInView } from "../table/useRowsInView";
import { Note } from "./Note";
import { PivotHead } from "./PivotHead";
import type { GridEncoding } from "./encodings";
import { buildGrid, type Grid } from "./grid";

interface Props {
  readonly encoding: GridEncoding;
  readonly columns: readonly WireColumn[];
  readonly rows: readonly Row[];
}

const ROW_HEIGHT = 26;
const MAX_HEAD_WIDTH = 200;

/** Values by rows and columns, digit for digit; the same on the canvas and on a dashboard. */
export function PivotTable({ encoding, columns, rows }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useMemo(() => buildGrid(columns, rows, encoding), [columns, rows, encoding]);
  const formatters = useMemo(() => formattersOf(grid), [grid]);
  const widths = useMemo(() => widthsOf(grid, formatters), [grid, formatters]);
  const { items, above, below } = useRowsInView(scroller, grid.lines.length, ROW_HEIGHT);
  const lefts = widths.heads.map((_, level) => widths.heads.slice(0, level).reduce((sum, width) => sum + width, 0));
  const heads = [encoding.rows.join(", "), encoding.columns.join(", ")].filter(Boolean).join(" × ");
  const label = S.chart.tableSummary(encoding.values.join(", "), heads);
  return (
    <div className="flex h-full min-h-0 flex-col" data-keys="own">
      <div
        ref={scroller}
        role="region"
        aria-label={label}
        // A scrollable region must be reachable by keyboard.
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto bg-surface focus-visible:-outline-offset-2"
      >
        <table
          data-testid="pivot-table"
          className="table-fixed border-separate border-spacing-0 text-xs"
          style={{ width: [...widths.heads, ...widths.cells].reduce((sum, width) => sum + width, 0) }}
          aria-rowcount={grid.lines.length + grid.heads.length}
          aria-label={label}
        >
          <colgroup>
            {[...widths.heads, ...widths.cells].map((width, index) => (
              <col key={index} style={{ width }} />
            ))}
          </colgroup>
          <PivotHead grid={grid} lefts={lefts} formatHead={formatters.head} />
          <tbody>
            {above > 0 && <tr aria-hidden style={{ height: above }} />}
            {items.map(({ index }) => {
              const line = grid.lines[index];
              const before = grid.lines[index - 1];
              return (
                <tr key={index} aria-rowindex={index + grid.heads.length + 1} className="group h-6.5">
                  {line?.heads.map((head, level) => (
                    <th
                      key={level}
                      scope="row"
                      title={formatters.head(head, grid.levels[level])}
                      style={{ left: lefts[level] }}
                      className={cx(
                        "truncate border-r border-b border-line bg-sunken px-2.5 text-left",
                        level === 0 ? "sticky z-10" : "sm:sticky sm:z-10",
                        repeats(line.heads, before?.heads, level) ? "font-normal text-muted" : "font-medium",
                      )}
                    >
                      {formatters.head(head, grid.levels[level])}
                    </th>
                  ))}
                  {line?.cells.map((cell, column) => (
                    <GridCell key={column} cell={cell} type={grid.measures[column]?.type ?? ""} shown={formatters.cell(column, cell)} />
                  ))}
                </tr>
              );
            })}
            {below > 0 && <tr aria-hidden style={{ height: below }} />}
          </tbody>
        </table>
      </div>
      {grid.totalColumns > grid.measures.length && <Note>{S.chart.moreColumns(grid.measures.length, grid.totalColumns)}</Note>}
      {grid.shared > 0 && <Note>{S.chart.sharedCells(grid.shared)}</Note>}
    </div>
  );
}

interface CellProps {
  readonly cell: Cell | undefined;
  readonly type: string;
  readonly shown: { readonly text: string; readonly pad: string } | null;
}

function GridCell({ cell, type, shown }: CellProps) {
  return (
    <td
      title={cell === null || cell === undefined ? undefined : String(cell)}
      className={cx(
        "truncate border-b border-line px-2.5 group-hover:bg-hover/60",
        isNumericType(type) ? "text-right tabular-nums" : "text-left",
      )}
      data-pad={shown?.pad === "" ? undefined : shown?.pad}
    >
      {shown?.text ??
        (cell === undefined ? <span className="sr-only">{S.chart.missing}</span> : <span className="text-muted italic">{S.results.nullText}</span>)}
    </td>
  );
}

/** Whether a line has the same head as the line above it, from the outermost level on. */
function repeats(heads: readonly Cell[], before: readonly Cell[] | undefined, level: number): boolean {
  return before !== undefined && heads.slice(0, level + 1).every((head, at) => head === before[at]);
}

type Formatters = ReturnType<typeof formattersOf>;

/** Columns of one value share their digits, so that decimal points stand under each other. */
function formattersOf(grid: Grid) {
  const byName = new Map<string, ReturnType<typeof cellFormatter>>();
  for (const { name, type } of grid.measures) {
    if (byName.has(name)) continue;
    const of = grid.measures.flatMap((measure, column) => (measure.name === name ? [column] : []));
    byName.set(name, cellFormatter(type, grid.lines.flatMap(({ cells }) => of.map((column) => cells[column] ?? null))));
  }
  return {
    cell: (column: number, cell: Cell | undefined) => byName.get(grid.measures[column]?.name ?? "")?.(cell ?? null) ?? null,
    head: (head: Cell, level: WireColumn | null | undefined) =>
      cellFormatter(level?.type ?? "string", [])(head)?.text ?? S.results.nullText,
  };
}

/** Widths in pixels that fit the heads and the first lines. */
function widthsOf(grid: Grid, { cell, head }: Formatters) {
  const heads = columnWidths(
    grid.levels,
    (line, level) => head(grid.lines[line]?.heads[level] ?? null, grid.levels[level]),
    grid.lines.length,
  ).map((width) => Math.min(MAX_HEAD_WIDTH, width));
  const named = (grid.heads.at(-1) ?? []).map(({ value, level }) => ({ name: head(value, level), type: "" }));
  const cells = columnWidths(
    named,
    (line, column) => {
      const shown = cell(column, grid.lines[line]?.cells[column]);
      return shown ? shown.text + shown.pad : "";
    },
    grid.lines.length,
  );
  return { heads, cells };
}
