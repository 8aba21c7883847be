/** What React Flow reports, written into the store. */

import type { EdgeChange, NodeChange } from "@xyflow/react";

import type { Doc, DocNode } from "../document/doc";
import { membersOf, withMembers } from "../document/decorations";
import { configure, move, type Point } from "../document/edit";
import { edit, endGesture, select, type Size, useCanvas } from "../store/canvas";
import type { CanvasNode } from "./elements";

/** What each dragged frame held when the drag began: it picks up nothing on its way. */
const carried = new Map<string, ReadonlySet<string>>();

export function applyNodeReports(changes: readonly NodeChange<CanvasNode>[]): void {
  const resized = new Map<string, Size>();
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
      if (change.resizing !== undefined) resized.set(change.id, change.dimensions);
      dropped ||= change.resizing === false;
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
  if (resized.size > 0) resize(resized, moved);
  else if (moved.size > 0) moveNodes(moved);
  if (!dropped) return;
  carried.clear();
  endGesture();
}

/** A frame that is made larger to the left moves its corner, and nothing else. */
function resize(sizes: ReadonlyMap<string, Size>, moved: ReadonlyMap<string, Point>): void {
  edit((doc) => {
    const sized = [...sizes].reduce((now: Doc, [id, { width, height }]) => {
      const node = now.nodes.find((each) => each.id === id);
      return node ? configure(now, id, { ...node.data, width, height }) : now;
    }, doc);
    return move(sized, moved);
  }, `resize:${[...sizes.keys()].join()}`);
}

/** A whole drag is one gesture; a position that does not differ is none. */
function moveNodes(moved: ReadonlyMap<string, Point>): void {
  const differs = useCanvas.getState().doc.nodes.some((node) => {
    const to = moved.get(node.id);
    return to !== undefined && (to.x !== node.position.x || to.y !== node.position.y);
  });
  if (!differs) return;
  edit((doc) => move(doc, withMembers(doc, moved, (group) => held(doc, group))), `move:${[...moved.keys()].join()}`);
}

function held(doc: Doc, group: DocNode): ReadonlySet<string> {
  const known = carried.get(group.id) ?? membersOf(doc, group);
  carried.set(group.id, known);
  return known;
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
