import { type ReactFlowInstance, useNodesInitialized, useReactFlow } from "@xyflow/react";
import { useEffect, useRef } from "react";

import { StartPanel } from "../examples/StartPanel";
import { FlowCanvas } from "../flow/FlowCanvas";
import { FIT } from "../flow/fit";
import { useNodeDrop } from "../flow/useNodeDrop";
import { useCanvas } from "../store/canvas";
import { onlySelected } from "../store/selection";

const MARGIN = 24;

/** The canvas, with an offer to start while it is empty; nodes of the palette may be dropped on both. */
export function DrawingArea() {
  const empty = useCanvas((state) => state.doc.nodes.length === 0);
  useKeepInView();
  return (
    <div className="relative size-full bg-bg" {...useNodeDrop()}>
      <FlowCanvas />
      {empty && <StartPanel />}
    </div>
  );
}

/** Show a workflow as a whole when it opens; then move only as far as the selected node needs. */
function useKeepInView(): void {
  const flow = useReactFlow();
  const measured = useNodesInitialized();
  const opened = useCanvas((state) => state.opened);
  const selected = useCanvas(onlySelected);
  const fitted = useRef(0);
  useEffect(() => {
    if (!measured) return;
    const first = fitted.current !== opened;
    fitted.current = opened;
    const whole = first ? flow.fitView(FIT) : Promise.resolve();
    void whole.then(() => bringIntoView(flow, selected));
  }, [flow, measured, opened, selected]);
}

function bringIntoView(flow: ReactFlowInstance, id: string | null): void {
  const area = document.querySelector(".react-flow")?.getBoundingClientRect();
  const node = id === null ? undefined : flow.getNode(id);
  if (!area || !node) return;
  const from = flow.flowToScreenPosition(node.position);
  const { zoom, x, y } = flow.getViewport();
  const width = (node.measured?.width ?? 0) * zoom;
  const height = (node.measured?.height ?? 0) * zoom;
  const dx = shift(from.x, from.x + width, area.left + MARGIN, area.right - MARGIN);
  const dy = shift(from.y, from.y + height, area.top + MARGIN, area.bottom - MARGIN);
  if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: 200 });
}

/** How far the span from–to has to move to lie between the bounds; 0 if it does. */
function shift(from: number, to: number, least: number, most: number): number {
  if (from < least) return least - from;
  return to > most ? most - to : 0;
}
