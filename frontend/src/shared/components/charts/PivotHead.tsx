import type { Cell, WireColumn } from "@/shared/api/types";
import { isNumericType } from "@/shared/format/cell";
import { TypeIcon } from "@/shared/ui/TypeIcon";
import { cx } from "@/shared/ui/cx";

import type { Grid } from "./grid";

interface Props {
  readonly grid: Grid;
  /** Where each column of row heads begins, in pixels. */
  readonly lefts: readonly number[];
  readonly formatHead: (head: Cell, level: WireColumn | null) => string;
}

const HEAD_HEIGHT = 28;
const HEAD = "border-b border-line bg-sunken px-2.5 font-medium";

/** Names of the row heads, and the levels of column heads; they stay in view. */
export function PivotHead({ grid, lefts, formatHead }: Props) {
  const last = grid.heads.length - 1;
  return (
    <thead>
      {grid.heads.map((row, depth) => {
        let column = 0;
        return (
          <tr key={depth} aria-rowindex={depth + 1} style={{ height: HEAD_HEIGHT }}>
            {depth === 0 &&
              grid.levels.map((level, at) => (
                <th
                  key={level.name}
                  scope="col"
                  rowSpan={grid.heads.length}
                  style={{ top: 0, left: lefts[at] }}
                  className={cx(HEAD, "sticky border-r text-left align-bottom", at === 0 ? "z-30" : "z-20 sm:z-30")}
                >
                  <span className="flex items-center gap-1.5 py-1">
                    <TypeIcon type={level.type} />
                    <span className="truncate" title={`${level.name} · ${level.type}`}>
                      {level.name}
                    </span>
                  </span>
                </th>
              ))}
            {row.map(({ value, level, span }, at) => {
              const type = grid.measures[column]?.type ?? "";
              column += span;
              const text = formatHead(value, level);
              return (
                <th
                  key={at}
                  scope={span > 1 ? "colgroup" : "col"}
                  colSpan={span}
                  title={level ? `${level.name}: ${text}` : text}
                  style={{ top: depth * HEAD_HEIGHT }}
                  className={cx(
                    HEAD,
                    "sticky z-20 truncate",
                    depth === last && span === 1 && isNumericType(type) ? "text-right" : "text-left",
                    span > 1 && "border-r",
                  )}
                >
                  {text}
                </th>
              );
            })}
          </tr>
        );
      })}
    </thead>
  );
}
