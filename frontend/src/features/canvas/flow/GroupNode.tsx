import { type Node, type NodeProps, NodeResizer } from "@xyflow/react";
import { memo } from "react";

import { cx } from "@/shared/ui/cx";

import { LEAST } from "../document/decorations";
import { NodeTitle } from "./NodeTitle";
import type { DecorationData } from "./NoteNode";

export type GroupNodeType = Node<DecorationData, "group">;

/** A frame with a title; what stands in it moves with it. */
export const GroupNode = memo(function GroupNode({ id, data, selected }: NodeProps<GroupNodeType>) {
  return (
    <div
      className={cx(
        "size-full rounded-lg border border-dashed border-line-strong bg-surface/40",
        selected && "border-solid ring-2 ring-accent",
      )}
    >
      <NodeResizer isVisible={selected} minWidth={LEAST.width} minHeight={LEAST.height} />
      <div className="flex items-center px-3 py-1.5 text-xs text-muted">
        <NodeTitle id={id} name={data.node.name ?? ""} label={data.label} />
      </div>
    </div>
  );
});
