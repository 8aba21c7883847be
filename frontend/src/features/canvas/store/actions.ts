/** What the palette, the keyboard and the menus do. */

import { S } from "@/shared/strings";
import { toast } from "@/shared/ui/toast";

import { copy, paste, readClip } from "../document/clipboard";
import { type Doc, findNode } from "../document/doc";
import { COLUMN_STEP, configure, feederOf, freePlace, insert, type Point, remove, splice } from "../document/edit";
import { tidy } from "../document/layout";
import { connect, refusal } from "../document/wires";
import { kindOf, portsOf } from "../kinds";
import { useAnalysis } from "./analysis";
import { edit, select, useCanvas } from "./canvas";
import { onlySelected } from "./selection";

/** Add a node after the selected one, wired to it and selected. */
export function addAfterSelection(type: string): string {
  const state = useCanvas.getState();
  const kind = kindOf(type);
  const feeder = kind.hasInput ? feederOf(state.doc, portsOf, onlySelected(state)) : undefined;
  if (feeder) {
    const wanted = { x: feeder.position.x + COLUMN_STEP, y: feeder.position.y };
    return add(type, freePlace(state.doc, wanted), feeder.id);
  }
  const lowest = Math.max(-Infinity, ...state.doc.nodes.map((node) => node.position.y));
  const place = lowest === -Infinity ? { x: 0, y: 0 } : { x: 0, y: lowest + 140 };
  return add(type, freePlace(state.doc, place), null);
}

/** Add a node at a place, fed by `from` if given. */
export function add(type: string, position: Point, from: string | null): string {
  const kind = kindOf(type);
  const input = from === null ? null : (useAnalysis.getState().outcomes.get(from)?.schema ?? null);
  const added = insert(useCanvas.getState().doc, { type, data: kind.defaults(input), position }, from);
  edit(() => added.doc);
  select([added.id]);
  return added.id;
}

/** Add a node into a wire. */
export function addIntoWire(type: string, position: Point, edge: string): void {
  const { doc } = useCanvas.getState();
  const source = doc.edges.find((each) => each.id === edge)?.source;
  const input = source === undefined ? null : (useAnalysis.getState().outcomes.get(source)?.schema ?? null);
  const added = splice(doc, edge, { type, data: kindOf(type).defaults(input), position });
  edit(() => added.doc);
  select([added.id]);
}

/** Draw a wire, or say why it cannot be. */
export function draw(source: string, target: string, targetHandle: string | null): void {
  const { doc } = useCanvas.getState();
  const why = refusal(doc, portsOf, source, target);
  if (why) {
    toast(S.canvas.wire[why], "error");
    return;
  }
  edit((before) => fillIn(connect(before, source, target, targetHandle), source, target));
}

/** Take away the wires that end in a node. */
export function disconnect(target: string): void {
  edit((doc) => ({ ...doc, edges: doc.edges.filter((edge) => edge.target !== target) }));
}

/** A node that was added before it had an input gets its defaults once the columns are known. */
function fillIn(doc: Doc, source: string, target: string): Doc {
  const node = findNode(doc, target);
  const input = useAnalysis.getState().outcomes.get(source)?.schema ?? null;
  if (!node || !input) return doc;
  const kind = kindOf(node.type);
  return kind.configured(node.data) ? doc : configure(doc, target, kind.defaults(input));
}

/** Set members of a node's configuration; `undefined` takes one out. */
export function patch(id: string, change: Readonly<Record<string, unknown>>): void {
  const gesture = `${id}:${Object.keys(change).join()}`;
  edit((doc) => {
    const node = doc.nodes.find((each) => each.id === id);
    if (!node) return doc;
    const data: Record<string, unknown> = { ...node.data, ...change };
    const kept = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
    return configure(doc, id, kept);
  }, gesture);
}

export function deleteSelection(): void {
  const { nodes, edges } = useCanvas.getState();
  if (nodes.size + edges.size === 0) return;
  edit((doc) => remove(doc, nodes, edges));
  select([]);
}

/** The selected nodes as clipboard text; null if none is selected. */
export function copySelection(): string | null {
  const { doc, nodes } = useCanvas.getState();
  if (nodes.size === 0) return null;
  toast(S.canvas.copiedToast(nodes.size));
  return copy(doc, nodes);
}

/** Paste clipboard text; says whether it was nodes. */
export function pasteText(text: string): boolean {
  const clip = readClip(text);
  if (!clip) return false;
  const pasted = paste(useCanvas.getState().doc, clip);
  edit(() => pasted.doc);
  select(pasted.ids);
  return true;
}

export function duplicateSelection(): void {
  const { doc, nodes } = useCanvas.getState();
  if (nodes.size === 0) return;
  const clip = readClip(copy(doc, nodes));
  if (!clip) return;
  const pasted = paste(doc, clip);
  edit(() => pasted.doc);
  select(pasted.ids);
}

export function selectAll(): void {
  select(useCanvas.getState().doc.nodes.map((node) => node.id));
}

export function tidyLayout(): void {
  edit(tidy);
}
