/** The end of a wire that somebody drags: on a port, on a node, or on nothing. */

import type { FinalConnectionState } from "@xyflow/react";

import type { Point } from "../document/edit";
import { draw } from "../store/actions";

/** Where the pointer left the window's surface. */
export function pointOf(event: MouseEvent | TouchEvent): Point {
  const { clientX, clientY } = "changedTouches" in event ? (event.changedTouches[0] ?? { clientX: 0, clientY: 0 }) : event;
  return { x: clientX, y: clientY };
}

/** The node whose face lies under a point, whichever part of it. */
function nodeAt({ x, y }: Point): string | null {
  return document.elementFromPoint(x, y)?.closest(".react-flow__node")?.getAttribute("data-id") ?? null;
}

/**
 * Finish a drag that React Flow did not turn into a wire: on a node it becomes one at a port with
 * room, or is refused with the reason. Returns the node that the wire came from if it was dropped on
 * nothing, so that something can be added there.
 */
export function endConnection(event: MouseEvent | TouchEvent, state: FinalConnectionState): string | null {
  const from = state.fromHandle;
  if (state.isValid || !from) return null;
  const other = state.toNode?.id ?? nodeAt(pointOf(event));
  if (other === null) return from.type === "source" ? from.nodeId : null;
  const forward = from.type === "source";
  // Let go where it began: a click on the port, or second thoughts.
  if (other === from.nodeId && state.toNode === null) return null;
  const [source, target] = forward ? [from.nodeId, other] : [other, from.nodeId];
  const port = forward ? state.toHandle?.id : from.id;
  draw(source, target, port ?? null);
  return null;
}
