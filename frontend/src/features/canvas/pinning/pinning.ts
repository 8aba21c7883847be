import { create } from "zustand";

import { type DrawnKind, isDrawn } from "@/shared/components/charts/kinds";

/** The node that is being pinned to a dashboard, if any. */
export const usePinning = create<{ readonly nodeId: string | null }>(() => ({ nodeId: null }));

export function openPinning(nodeId: string): void {
  usePinning.setState({ nodeId });
}

export function closePinning(): void {
  usePinning.setState({ nodeId: null });
}

/** How a dashboard shows the output of a node of this type. */
export function widgetTypeOf(nodeType: string): DrawnKind | "table" {
  return isDrawn(nodeType) ? nodeType : "table";
}
