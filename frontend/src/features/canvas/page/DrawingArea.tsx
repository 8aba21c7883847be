import { useNodesInitialized, useReactFlow } from "@xyflow/react";
import { useEffect, useRef } from "react";

import { StartPanel } from "../examples/StartPanel";
import { FlowCanvas } from "../flow/FlowCanvas";
import { useCanvas } from "../store/canvas";

const FIT = { maxZoom: 1, padding: 0.2 };

/** The canvas, with an offer to start while it is empty. */
export function DrawingArea() {
  const flow = useReactFlow();
  const empty = useCanvas((state) => state.doc.nodes.length === 0);
  const count = useCanvas((state) => state.doc.nodes.length);
  const opened = useCanvas((state) => state.opened);
  const ready = useNodesInitialized();
  const fitted = useRef(0);
  const counted = useRef(0);
  useEffect(() => {
    if (!ready || count === 0) return;
    const grew = count > counted.current;
    counted.current = count;
    if (fitted.current !== opened) {
      fitted.current = opened;
      void flow.fitView(FIT);
    } else if (grew && !allVisible(flow)) {
      void flow.fitView({ ...FIT, duration: 200 });
    }
  }, [ready, count, opened, flow]);
  return (
    <div className="relative size-full bg-bg">
      <FlowCanvas />
      {empty && <StartPanel />}
    </div>
  );
}

/** Whether every node lies inside the window onto the canvas. */
function allVisible(flow: ReturnType<typeof useReactFlow>): boolean {
  const area = document.querySelector(".react-flow")?.getBoundingClientRect();
  if (!area) return true;
  return flow.getNodes().every((node) => {
    const width = node.measured?.width ?? 0;
    const height = node.measured?.height ?? 0;
    const from = flow.flowToScreenPosition(node.position);
    const to = flow.flowToScreenPosition({ x: node.position.x + width, y: node.position.y + height });
    return from.x >= area.left && from.y >= area.top && to.x <= area.right && to.y <= area.bottom;
  });
}
