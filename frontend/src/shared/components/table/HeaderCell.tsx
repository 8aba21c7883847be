import { ArrowDown, ArrowUp } from "lucide-react";
import type { PointerEvent } from "react";

import type { WireColumn } from "@/shared/api/types";
import { isNumericType } from "@/shared/format/cell";
import { S } from "@/shared/strings";
import { TypeIcon } from "@/shared/ui/TypeIcon";
import { cx } from "@/shared/ui/cx";

interface Props {
  readonly column: WireColumn;
  readonly width: number;
  readonly onResize: (width: number) => void;
  readonly sorted: "ascending" | "descending" | undefined;
  /** Show what is in the column and what can be done with it. */
  readonly onOpen: () => void;
}

const MIN_WIDTH = 48;

/** A column's name and type, which open what is in it; its right edge drags the width. */
export function HeaderCell({ column, width, onResize, sorted, onOpen }: Props) {
  const Arrow = sorted === "descending" ? ArrowDown : ArrowUp;
  const startDrag = (event: PointerEvent<HTMLSpanElement>) => {
    event.preventDefault();
    const handle = event.currentTarget;
    const from = event.clientX;
    const move = (moved: globalThis.PointerEvent) => onResize(Math.max(MIN_WIDTH, width + moved.clientX - from));
    const stop = () => handle.removeEventListener("pointermove", move);
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", stop, { once: true });
    handle.addEventListener("pointercancel", stop, { once: true });
  };
  return (
    <th scope="col" aria-sort={sorted} className="sticky top-0 z-10 h-7 border-b border-line bg-sunken font-medium">
      <button
        type="button"
        aria-label={S.profile.open(column.name)}
        onClick={onOpen}
        className={cx(
          "flex h-full w-full items-center gap-1.5 px-2.5 hover:bg-hover focus-visible:-outline-offset-2",
          isNumericType(column.type) && "justify-end",
        )}
      >
        <TypeIcon type={column.type} />
        <span className="truncate" title={`${column.name} · ${column.type}`}>
          {column.name}
        </span>
        {sorted && <Arrow aria-hidden size={12} className="shrink-0 text-accent" />}
      </button>
      <span
        aria-hidden
        onPointerDown={startDrag}
        className="absolute inset-y-0 right-0 w-1.5 cursor-col-resize touch-none border-r border-line hover:border-accent"
      />
    </th>
  );
}
