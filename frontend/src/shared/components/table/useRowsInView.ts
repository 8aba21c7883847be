import { useVirtualizer } from "@tanstack/react-virtual";
import type { RefObject } from "react";

/** Rows that are drawn: those in view and some around them, and the pixels that the others take above and below. */
export function useRowsInView(scroller: RefObject<HTMLElement | null>, count: number, rowHeight: number) {
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  return { items, above: items[0]?.start ?? 0, below: virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) };
}
