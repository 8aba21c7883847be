/** The document as React Flow wants it. A node that did not change keeps its object, so it is not drawn again. */

import { type Edge, MarkerType } from "@xyflow/react";

import type { Port } from "@/shared/schema/node_description";
import { S } from "@/shared/strings";

import type { Doc, DocEdge, DocNode } from "../document/doc";
import { findNode } from "../document/doc";
import { unmetPorts } from "../document/ports";
import { nodeName, portsOf } from "../kinds";
import { boxOf, isDecoration } from "../document/decorations";
import type { CanvasState, Size } from "../store/canvas";
import type { GroupNodeType } from "./GroupNode";
import type { NoteNodeType } from "./NoteNode";
import type { StepNodeType } from "./StepNode";

export type CanvasNode = StepNodeType | NoteNodeType | GroupNodeType;

interface Drawn {
  readonly selected: boolean;
  readonly size: Size | undefined;
  readonly label: string;
  readonly unmet: readonly Port[];
  readonly element: CanvasNode;
}

const drawn = new WeakMap<DocNode, Drawn>();

export function flowNodes({ doc, nodes, measured }: Pick<CanvasState, "doc" | "nodes" | "measured">): CanvasNode[] {
  return doc.nodes.map((node) => {
    const unmet = unmetPorts(doc, portsOf, node);
    const selected = nodes.has(node.id);
    const size = measured.get(node.id);
    const label = nodeName(doc, node);
    const before = drawn.get(node);
    const same = before?.selected === selected && before.size === size && before.label === label;
    if (same && samePorts(before.unmet, unmet)) return before.element;
    const common = {
      id: node.id,
      position: node.position,
      selected,
      ariaLabel: label,
      ...(size && { measured: size }),
    };
    const element: CanvasNode = isDecoration(node)
      ? { ...common, ...drawnAs(node), data: { node, label } }
      : { ...common, type: "step", data: { node, label, unmet } };
    drawn.set(node, { selected, size, label, unmet, element });
    return element;
  });
}

/** Below every step, selected or not: React Flow lifts what is selected by 1,000. */
const FRAME_LEVEL = -2_000;

/** A frame lies under what stands in it. */
function drawnAs(node: DocNode): Pick<NoteNodeType | GroupNodeType, "type" | "width" | "height" | "zIndex"> {
  return node.type === "group" ? { type: "group", ...boxOf(node), zIndex: FRAME_LEVEL } : { type: "note", ...boxOf(node) };
}

function samePorts(a: readonly Port[], b: readonly Port[]): boolean {
  return a.length === b.length && a.every((port, index) => port === b[index]);
}

/**
 * The handle where a wire is drawn: that of its port. A wire to a port that the node does not have
 * is drawn at the first one, so that it can be seen and taken away.
 */
function handleOf(doc: Doc, edge: DocEdge): string | null {
  const { inputs } = portsOf(findNode(doc, edge.target)?.type ?? "");
  const port = inputs.find(({ handle }) => handle === edge.targetHandle) ?? inputs[0];
  return port?.handle ?? null;
}

export function flowEdges(doc: Doc, selected: ReadonlySet<string>): Edge[] {
  const name = (id: string) => {
    const node = findNode(doc, id);
    return node ? nodeName(doc, node) : id;
  };
  return doc.edges.map((edge) => ({
    id: edge.id,
    source: edge.source,
    target: edge.target,
    targetHandle: handleOf(doc, edge),
    selected: selected.has(edge.id),
    ariaLabel: S.canvas.wireName(name(edge.source), name(edge.target), edge.targetHandle),
    markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
  }));
}
