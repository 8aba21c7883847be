import { useReactFlow } from "@xyflow/react";
import type { DragEvent } from "react";

import { portsOf } from "../kinds";
import { KIND_MIME } from "../palette/dragType";
import { add, addIntoWire } from "../store/actions";

/** From the pointer to a new node's corner. */
const OFFSET = { x: 100, y: 30 };

/** Handlers of an area that takes nodes from the palette: between the steps of a wire, or wherever they are dropped. */
export function useNodeDrop() {
  const flow = useReactFlow();
  return {
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes(KIND_MIME)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
    },
    onDrop: (event: DragEvent) => {
      const type = event.dataTransfer.getData(KIND_MIME);
      if (type === "") return;
      event.preventDefault();
      const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
      const place = { x: at.x - OFFSET.x, y: at.y - OFFSET.y };
      const wire = wireAt(event.clientX, event.clientY);
      if (wire !== null && portsOf(type).inputs.length > 0 && portsOf(type).hasOutput) addIntoWire(type, place, wire);
      else add(type, place);
    },
  };
}

function wireAt(x: number, y: number): string | null {
  const edges = document.elementsFromPoint(x, y).map((element) => element.closest(".react-flow__edge"));
  return edges.find((edge) => edge !== null)?.getAttribute("data-id") ?? null;
}
