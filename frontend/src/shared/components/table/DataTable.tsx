import { type ReactNode, useMemo, useRef, useState } from "react";

import type { Row, WireColumn } from "@/shared/api/types";
import { cellFormatter } from "@/shared/format/cell";
import { S } from "@/shared/strings";

import { BodyRow } from "./BodyRow";
import { ColumnDialog } from "./ColumnDialog";
import { HeaderCell } from "./HeaderCell";
import { TableNote } from "./TableNote";
import { columnWidths } from "./columnWidths";
import { type SortOrder, sortedPlaces } from "./sortRows";
import { useRowsInView } from "./useRowsInView";

interface Props {
  /** Name of the table for screen readers. */
  readonly label: string;
  readonly columns: readonly WireColumn[];
  readonly rows: readonly Row[];
  /** Number of the first row, counted from 0; pages after the first do not start at 0. */
  readonly offset?: number;
  /** What is in a column, shown with what can be done with it. */
  readonly profile?: (column: string) => ReactNode;
}

const ROW_HEIGHT = 26;
const NUMBER_WIDTH = 46;

/** Rows of a result: only those in view exist in the document; values are shown digit for digit. */
export function DataTable({ label, columns: all, rows: given, offset = 0, profile }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [order, setOrder] = useState<SortOrder | null>(null);
  const [opened, setOpened] = useState<string | null>(null);
  const { columns, rows, places } = useMemo(() => arranged(all, given, hidden, order), [all, given, hidden, order]);
  const formatters = useMemo(
    () => columns.map((column, index) => cellFormatter(column.type, rows.map((row) => row[index] ?? null))),
    [columns, rows],
  );
  const fitted = useMemo(
    () =>
      columnWidths(
        columns,
        (row, column) => {
          const shown = formatters[column]?.(rows[row]?.[column] ?? null);
          return shown ? shown.text + shown.pad : S.results.nullText;
        },
        rows.length,
      ),
    [columns, rows, formatters],
  );
  const [resized, setResized] = useState<Readonly<Record<string, number>>>({});
  const widths = columns.map((column, index) => resized[column.name] ?? fitted[index] ?? 0);

  const { items, above, below } = useRowsInView(scroller, rows.length, ROW_HEIGHT);

  const openedColumn = all.find((column) => column.name === opened);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <TableNote
        hidden={all.length - columns.length}
        order={order}
        onShowAll={() => setHidden(new Set())}
        onUnsort={() => setOrder(null)}
      />
      <div
        ref={scroller}
        role="region"
        aria-label={label}
        // A scrollable region must be reachable by keyboard.
        tabIndex={0}
        data-keys="own"
        className="min-h-0 flex-1 overflow-auto bg-surface focus-visible:-outline-offset-2"
      >
        <table
          className="table-fixed border-separate border-spacing-0 text-xs"
          style={{ width: NUMBER_WIDTH + widths.reduce((sum, width) => sum + width, 0) }}
          aria-rowcount={rows.length + 1}
        >
          <colgroup>
            <col style={{ width: NUMBER_WIDTH }} />
            {widths.map((width, index) => (
              <col key={columns[index]?.name} style={{ width }} />
            ))}
          </colgroup>
          <thead>
            <tr>
              <th
                scope="col"
                className="sticky top-0 left-0 z-20 h-7 border-r border-b border-line bg-sunken text-2xs font-normal text-muted"
              >
                <span className="sr-only">{S.results.rowNumber}</span>
              </th>
              {columns.map((column, index) => (
                <HeaderCell
                  key={column.name}
                  column={column}
                  width={widths[index] ?? 0}
                  sorted={order?.column === column.name ? (order.down ? "descending" : "ascending") : undefined}
                  onOpen={() => setOpened(column.name)}
                  onResize={(width) => setResized((now) => ({ ...now, [column.name]: width }))}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {above > 0 && <tr aria-hidden style={{ height: above }} />}
            {items.map((item) => (
              <BodyRow
                key={item.index}
                number={offset + (places?.[item.index] ?? item.index) + 1}
                rowIndex={item.index + 2}
                row={rows[item.index] ?? []}
                columns={columns}
                formatters={formatters}
              />
            ))}
            {below > 0 && <tr aria-hidden style={{ height: below }} />}
          </tbody>
        </table>
      </div>
      {openedColumn && (
        <ColumnDialog
          column={openedColumn}
          sorted={order?.column === openedColumn.name}
          onSort={setOrder}
          onHide={() => setHidden(new Set([...hidden, openedColumn.name]))}
          onClose={() => setOpened(null)}
        >
          {profile?.(openedColumn.name)}
        </ColumnDialog>
      )}
    </div>
  );
}

/** The rows as somebody wants to see them; `places` are where they were, null where nothing moved. */
function arranged(columns: readonly WireColumn[], rows: readonly Row[], hidden: ReadonlySet<string>, order: SortOrder | null) {
  const shown = columns.flatMap((column, index) => (hidden.has(column.name) ? [] : [index]));
  const by = columns.findIndex((column) => column.name === order?.column);
  const places = order && by >= 0 ? sortedPlaces(rows, by, columns[by]?.type ?? "", order.down) : null;
  const moved = places ? places.map((place) => rows[place] ?? []) : rows;
  if (shown.length === columns.length || shown.length === 0) return { columns, rows: moved, places };
  return {
    columns: shown.flatMap((index) => columns[index] ?? []),
    rows: moved.map((row) => shown.map((index) => row[index] ?? null)),
    places,
  };
}
