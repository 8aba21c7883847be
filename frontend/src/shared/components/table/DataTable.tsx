import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState } from "react";

import type { Row, WireColumn } from "@/shared/api/types";
import { cellFormatter } from "@/shared/format/cell";
import { S } from "@/shared/strings";

import { BodyRow } from "./BodyRow";
import { HeaderCell } from "./HeaderCell";
import { columnWidths } from "./columnWidths";

interface Props {
  /** Name of the table for screen readers. */
  readonly label: string;
  readonly columns: readonly WireColumn[];
  readonly rows: readonly Row[];
  /** Number of the first row, counted from 0; pages after the first do not start at 0. */
  readonly offset?: number;
}

const ROW_HEIGHT = 26;
const NUMBER_WIDTH = 46;

/** Rows of a result: only those in view exist in the document; values are shown digit for digit. */
export function DataTable({ label, columns, rows, offset = 0 }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
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

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);

  return (
    <div
      ref={scroller}
      role="region"
      aria-label={label}
      // A scrollable region must be reachable by keyboard.
      tabIndex={0}
      data-keys="own"
      className="h-full overflow-auto bg-surface focus-visible:-outline-offset-2"
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
              number={offset + item.index + 1}
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
  );
}
