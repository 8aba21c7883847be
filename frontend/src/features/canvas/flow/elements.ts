/** The document as React Flow wants it. A node that did not change keeps its object, so it is not drawn again. */

import { type Edge, MarkerType } from "@xyflow/react";

import { S } from "@/shared/strings";

import type { Doc, DocNode } from "../document/doc";
import { findNode } from "../document/doc";
import { nodeName } from "../kinds";
import type { CanvasState, Size } from "../store/canvas";
import type { StepNodeType } from "./StepNode";

interface Drawn {
  readonly selected: boolean;
  readonly size: Size | undefined;
  readonly label: string;
  readonly wired: boolean;
  readonly element: StepNodeType;
}

const drawn = new WeakMap<DocNode, Drawn>();

export function flowNodes({ doc, nodes, measured }: Pick<CanvasState, "doc" | "nodes" | "measured">): StepNodeType[] {
  const targets = new Set(doc.edges.map((edge) => edge.target));
  return doc.nodes.map((node) => {
    const wired = targets.has(node.id);
    const selected = nodes.has(node.id);
    const size = measured.get(node.id);
    const label = nodeName(doc, node);
    const before = drawn.get(node);
    const same = before?.selected === selected && before.size === size && before.label === label;
    if (same && before.wired === wired) return before.element;
    const element: StepNodeType = {
      id: node.id,
      type: "step",
      position: node.position,
      data: { node, label, wired },
      selected,
      ariaLabel: label,
      ...(size && { measured: size }),
    };
    drawn.set(node, { selected, size, label, wired, element });
    return element;
  });
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
    targetHandle: edge.targetHandle,
    selected: selected.has(edge.id),
    ariaLabel: S.canvas.wireName(name(edge.source), name(edge.target)),
    markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
  }));
}
