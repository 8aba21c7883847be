import { memo } from "react";

import type { Cell, Row, WireColumn } from "@/shared/api/types";
import { isNumericType, isTemporalType, type Shown } from "@/shared/format/cell";
import { S } from "@/shared/strings";
import { cx } from "@/shared/ui/cx";

interface Props {
  readonly number: number;
  readonly rowIndex: number;
  readonly row: Row;
  readonly columns: readonly WireColumn[];
  readonly formatters: readonly ((cell: Cell) => Shown | null)[];
}

export const BodyRow = memo(function BodyRow({ number, rowIndex, row, columns, formatters }: Props) {
  return (
    <tr aria-rowindex={rowIndex} className="group h-6.5">
      <th
        scope="row"
        className="sticky left-0 z-10 border-r border-b border-line bg-sunken px-1.5 text-right text-2xs font-normal text-muted tabular-nums"
      >
        {number}
      </th>
      {columns.map((column, index) => {
        const value = row[index] ?? null;
        const shown = formatters[index]?.(value) ?? null;
        return (
          <td
            key={column.name}
            title={value === null ? undefined : String(value)}
            className={cx(
              "truncate border-b border-line px-2.5 group-hover:bg-hover/60",
              isNumericType(column.type) ? "text-right tabular-nums" : "text-left",
              isTemporalType(column.type) && "font-mono text-2xs",
            )}
            data-pad={shown?.pad === "" ? undefined : shown?.pad}
          >
            {shown?.text ?? <span className="text-muted italic">{S.results.nullText}</span>}
          </td>
        );
      })}
    </tr>
  );
});
