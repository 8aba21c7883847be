/** What React Flow reports, written into the store. */

import type { EdgeChange, NodeChange } from "@xyflow/react";

import { move, type Point } from "../document/edit";
import { edit, endGesture, select, type Size, useCanvas } from "../store/canvas";
import type { StepNodeType } from "./StepNode";

export function applyNodeReports(changes: readonly NodeChange<StepNodeType>[]): void {
  const moved = new Map<string, Point>();
  const sizes = new Map<string, Size>();
  const chosen = new Set(useCanvas.getState().nodes);
  let dropped = false;
  let picked = false;
  for (const change of changes) {
    if (change.type === "position" && change.position) {
      moved.set(change.id, change.position);
      dropped ||= change.dragging === false;
    } else if (change.type === "dimensions" && change.dimensions) {
      sizes.set(change.id, change.dimensions);
    } else if (change.type === "select") {
      picked = true;
      if (change.selected) chosen.add(change.id);
      else chosen.delete(change.id);
    }
  }
  if (sizes.size > 0) {
    useCanvas.setState(({ measured }) => ({ measured: new Map([...measured, ...sizes]) }));
  }
  if (picked) select(chosen, useCanvas.getState().edges);
  if (moved.size > 0) moveNodes(moved);
  if (dropped) endGesture();
}

/** A whole drag is one gesture; a position that does not differ is none. */
function moveNodes(moved: ReadonlyMap<string, Point>): void {
  const differs = useCanvas.getState().doc.nodes.some((node) => {
    const to = moved.get(node.id);
    return to !== undefined && (to.x !== node.position.x || to.y !== node.position.y);
  });
  if (differs) edit((doc) => move(doc, moved), `move:${[...moved.keys()].join()}`);
}

export function applyEdgeReports(changes: readonly EdgeChange[]): void {
  const chosen = new Set(useCanvas.getState().edges);
  let picked = false;
  for (const change of changes) {
    if (change.type !== "select") continue;
    picked = true;
    if (change.selected) chosen.add(change.id);
    else chosen.delete(change.id);
  }
  if (picked) select(useCanvas.getState().nodes, chosen);
}
