/** What the palette, the keyboard and the menus do. */

import { S } from "@/shared/strings";
import { toast } from "@/shared/ui/toast";

import { copy, paste, readClip } from "../document/clipboard";
import { type Doc, findNode } from "../document/doc";
import { COLUMN_STEP, configure, feederOf, freePlace, insert, type Point, remove, rename, splice } from "../document/edit";
import { frameAround, isDecoration, refit } from "../document/decorations";
import { tidy } from "../document/layout";
import { portFor } from "../document/ports";
import { connect, refusal, replacedAt, resource } from "../document/wires";
import { kindOf, nodeName, portsOf } from "../kinds";
import { inputSchemas, useAnalysis } from "./analysis";
import { edit, select, useCanvas } from "./canvas";

/** Add a node after what is selected, wired to as much of it as the node has room for, and select it. */
export function addAfterSelection(type: string): string {
  if (type === "group") return groupSelection();
  const { doc, nodes } = useCanvas.getState();
  const { inputs } = kindOf(type);
  const room = inputs.reduce((sum, { most }) => sum + most, 0);
  const found = [...nodes].flatMap((id) => feederOf(doc, portsOf, id) ?? []).slice(0, room);
  // Of several nodes, a node with one input could only guess.
  const sources = nodes.size > 1 && room === 1 ? [] : [...new Set(found)];
  if (sources.length > 0) {
    const x = Math.max(...sources.map(({ position }) => position.x)) + COLUMN_STEP;
    const y = sources.reduce((sum, { position }) => sum + position.y, 0) / sources.length;
    return add(type, freePlace(doc, { x, y }), ...sources.map(({ id }) => id));
  }
  const lowest = Math.max(-Infinity, ...doc.nodes.map((node) => node.position.y));
  const place = lowest === -Infinity ? { x: 0, y: 0 } : { x: 0, y: lowest + 140 };
  return add(type, freePlace(doc, place));
}

/** Draw a frame around the selected nodes; an empty one where nothing is selected. */
export function groupSelection(): string {
  const { doc, nodes } = useCanvas.getState();
  const frame = frameAround(doc.nodes.filter(({ id, type }) => nodes.has(id) && type !== "group"));
  if (!frame) return add("group", freePlace(doc, { x: 0, y: 0 }));
  const added = insert(doc, { type: "group", ...frame }, null);
  edit(() => added.doc);
  select([added.id]);
  return added.id;
}

/** Add a node at a place, fed by the given nodes at its first ports. */
export function add(type: string, position: Point, ...from: readonly string[]): string {
  const added = insert(useCanvas.getState().doc, { type, data: {}, position }, null);
  const wired = from.reduce((doc, source) => wire(doc, source, added.id, null), added.doc);
  edit(() => withDefaults(wired, added.id));
  select([added.id]);
  return added.id;
}

/** Add a node into a wire: the wire ends at its first port, and what the wire fed is fed by the node. */
export function addIntoWire(type: string, position: Point, edge: string): void {
  const { doc } = useCanvas.getState();
  const added = splice(doc, edge, { type, data: {}, position }, kindOf(type).inputs[0]);
  edit(() => withDefaults(added.doc, added.id));
  select([added.id]);
}

/** Draw a wire, or say why it cannot be; say so too if another wire had to give way. */
export function draw(source: string, target: string, targetHandle: string | null): void {
  const { doc } = useCanvas.getState();
  const why = refusal(doc, portsOf, source, target, targetHandle);
  if (why) {
    toast(S.canvas.wire[why], "error");
    return;
  }
  const port = portFor(doc, portsOf, target, targetHandle);
  const [before] = port ? replacedAt(doc, target, port) : [];
  if (before?.source === source) return;
  edit((current) => fillIn(wire(current, source, target, targetHandle), target));
  const replaced = before && findNode(doc, before.source);
  if (replaced) toast(S.canvas.wireReplaced(nodeName(doc, replaced)));
}

/** Let an existing wire come from another node, in its place among the wires. */
export function redirect(edge: string, source: string): void {
  edit((doc) => {
    const wire = doc.edges.find((each) => each.id === edge);
    return wire ? fillIn(resource(doc, edge, source), wire.target) : doc;
  });
}

/** Take away wires by their ids. */
export function disconnect(edges: ReadonlySet<string>): void {
  edit((doc) => ({ ...doc, edges: doc.edges.filter((edge) => !edges.has(edge.id)) }));
}

/** Change places with the wire before (-1) or after (1) among those that end in one node. */
export function moveWire(edge: string, step: -1 | 1): void {
  edit((doc) => {
    const target = doc.edges.find(({ id }) => id === edge)?.target;
    const places = doc.edges.flatMap((each, place) => (each.target === target ? [place] : []));
    const at = places.findIndex((place) => doc.edges[place]?.id === edge);
    const [from, to] = [places[at], places[at + step]];
    const [one, other] = [doc.edges[from ?? -1], doc.edges[to ?? -1]];
    if (!one || !other) return doc;
    return { ...doc, edges: doc.edges.map((each) => (each === one ? other : each === other ? one : each)) };
  });
}

/** Exchange what is wired to the two ports of a node. */
export function swapInputs(target: string): void {
  edit((doc) => {
    const [one, other] = doc.edges.filter((edge) => edge.target === target);
    return one && other ? resource(resource(doc, one.id, other.source), other.id, one.source) : doc;
  });
}

function wire(doc: Doc, source: string, target: string, targetHandle: string | null): Doc {
  const port = portFor(doc, portsOf, target, targetHandle);
  return port ? connect(doc, source, target, port) : doc;
}

/** A node that was added before it had an input gets its defaults once the columns are known. */
function fillIn(doc: Doc, target: string): Doc {
  const node = findNode(doc, target);
  if (!node || kindOf(node.type).configured(node.data)) return doc;
  const known = inputSchemas(doc, useAnalysis.getState().outcomes, target);
  return known.some((schema) => schema !== null) ? withDefaults(doc, target) : doc;
}

/** The node as it begins, given the columns that arrive; single settings that somebody made stay. */
function withDefaults(doc: Doc, id: string): Doc {
  const node = findNode(doc, id);
  if (!node) return doc;
  const [first = null, ...others] = inputSchemas(doc, useAnalysis.getState().outcomes, id);
  const made = Object.entries(node.data).filter(([, value]) => typeof value !== "object" && value !== "");
  return configure(doc, id, { ...kindOf(node.type).defaults(first, [first, ...others]), ...Object.fromEntries(made) });
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

/** Give a node a name of its own, or with an empty text that of its type again. */
export function renameNode(id: string, name: string): void {
  edit((doc) => rename(doc, id, name));
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

/** Lay the steps out; frames follow what stands in them, notes stay. */
export function tidyLayout(): void {
  edit((doc) => {
    const steps = tidy({ ...doc, nodes: doc.nodes.filter((node) => !isDecoration(node)) });
    const placed = new Map(steps.nodes.map((node) => [node.id, node]));
    return refit(doc, { ...doc, nodes: doc.nodes.map((node) => placed.get(node.id) ?? node) });
  });
}
