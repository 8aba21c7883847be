import type { PointerEvent } from "react";

import type { WireColumn } from "@/shared/api/types";
import { isNumericType } from "@/shared/format/cell";
import { TypeIcon } from "@/shared/ui/TypeIcon";
import { cx } from "@/shared/ui/cx";

interface Props {
  readonly column: WireColumn;
  readonly width: number;
  readonly onResize: (width: number) => void;
}

const MIN_WIDTH = 48;

/** A column's name and type; its right edge drags the width. */
export function HeaderCell({ column, width, onResize }: Props) {
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
    <th scope="col" className="sticky top-0 z-10 h-7 border-b border-line bg-sunken px-2.5 font-medium">
      <span className={cx("flex items-center gap-1.5", isNumericType(column.type) && "justify-end")}>
        <TypeIcon type={column.type} />
        <span className="truncate" title={`${column.name} · ${column.type}`}>
          {column.name}
        </span>
      </span>
      <span
        aria-hidden
        onPointerDown={startDrag}
        className="absolute inset-y-0 right-0 w-1.5 cursor-col-resize touch-none border-r border-line hover:border-accent"
      />
    </th>
  );
}
