/** Notes and group frames: they stand on the canvas, carry nothing, and are never compiled. */

import { DECORATION } from "@/shared/schema/graph";

import type { Config, Doc, DocNode } from "./doc";
import { COLUMN_STEP, move, type Point, ROW_STEP } from "./edit";

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** The least that a frame or a note can be made. */
export const LEAST: Box = { width: 120, height: 64 };
const NOTE: Box = { width: 200, height: 96 };
const GROUP: Box = { width: 2 * COLUMN_STEP, height: 2 * ROW_STEP };
/** Between a frame and what it holds; above it stands the title. */
const PADDING = 20;
const TITLE = 32;
/** About the size of a step, which every one of them has. */
const STEP: Box = { width: 172, height: 94 };

export function isDecoration(node: DocNode): boolean {
  return DECORATION.has(node.type);
}

/** How large a decoration is drawn. */
export function boxOf({ type, data }: DocNode): Box {
  const usual = type === "group" ? GROUP : NOTE;
  return { width: sizeOf(data["width"], usual.width), height: sizeOf(data["height"], usual.height) };
}

function sizeOf(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : otherwise;
}

/** The nodes that stand in a frame: those whose middle does. */
export function membersOf(doc: Doc, group: DocNode): ReadonlySet<string> {
  const { width, height } = boxOf(group);
  const { x, y } = group.position;
  const inside = doc.nodes.filter((node) => {
    if (node.type === "group") return false;
    const size = isDecoration(node) ? boxOf(node) : STEP;
    const middle = { x: node.position.x + size.width / 2, y: node.position.y + size.height / 2 };
    return middle.x > x && middle.x < x + width && middle.y > y && middle.y < y + height;
  });
  return new Set(inside.map(({ id }) => id));
}

/** Where a frame around these nodes stands, and how large it is; null around nothing. */
export function frameAround(nodes: readonly DocNode[]): { readonly position: Point; readonly data: Config } | null {
  if (nodes.length === 0) return null;
  const sizes = nodes.map((node) => (isDecoration(node) ? boxOf(node) : STEP));
  const left = Math.min(...nodes.map(({ position }) => position.x)) - PADDING;
  const top = Math.min(...nodes.map(({ position }) => position.y)) - PADDING - TITLE;
  const right = Math.max(...nodes.map(({ position }, at) => position.x + (sizes[at]?.width ?? 0))) + PADDING;
  const bottom = Math.max(...nodes.map(({ position }, at) => position.y + (sizes[at]?.height ?? 0))) + PADDING;
  return { position: { x: left, y: top }, data: { width: right - left, height: bottom - top } };
}

/** Nodes that move, and with each frame what stands in it. `members` says what that is. */
export function withMembers(
  doc: Doc,
  moved: ReadonlyMap<string, Point>,
  members: (group: DocNode) => ReadonlySet<string>,
): ReadonlyMap<string, Point> {
  const all = new Map(moved);
  for (const group of doc.nodes.filter(({ id, type }) => type === "group" && moved.has(id))) {
    const to = moved.get(group.id);
    if (!to) continue;
    const held = members(group);
    for (const node of doc.nodes) {
      if (!held.has(node.id) || moved.has(node.id)) continue;
      const { x, y } = node.position;
      all.set(node.id, { x: x + to.x - group.position.x, y: y + to.y - group.position.y });
    }
  }
  return all;
}

/** Frames drawn anew around what stood in them before other nodes were moved. */
export function refit(before: Doc, after: Doc): Doc {
  return before.nodes
    .filter(({ type }) => type === "group")
    .reduce((doc, group) => {
      const members = membersOf(before, group);
      const frame = frameAround(doc.nodes.filter(({ id }) => members.has(id)));
      if (!frame) return doc;
      const sized = doc.nodes.map((node) => (node.id === group.id ? { ...node, data: { ...node.data, ...frame.data } } : node));
      return move({ ...doc, nodes: sized }, new Map([[group.id, frame.position]]));
    }, after);
}
