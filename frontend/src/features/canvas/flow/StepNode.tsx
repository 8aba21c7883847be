import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";

import { S } from "@/shared/strings";
import { cx } from "@/shared/ui/cx";

import type { DocNode } from "../document/doc";
import type { Port } from "../document/ports";
import { kindOf } from "../kinds";
import { GROUP_COLOURS } from "../kinds/kind";
import { useAnalysis } from "../store/analysis";
import { useMarked } from "../store/marked";
import { statusWith } from "../store/status";
import { InputPorts } from "./InputPorts";
import { NodeTitle } from "./NodeTitle";
import { StatusMark } from "./StatusMark";

export interface StepData extends Record<string, unknown> {
  readonly node: DocNode;
  readonly label: string;
  /** The ports that still need a wire. */
  readonly unmet: readonly Port[];
}

export type StepNodeType = Node<StepData, "step">;

const FRAMES = {
  ok: "border-line-strong",
  unconfigured: "border-dashed border-line-strong",
  missing: "border-dashed border-line-strong",
  blocked: "border-line-strong",
  error: "border-danger",
} as const;

/** One step of the workflow: what it is, what it does, what comes out, and what is wrong with it. */
export const StepNode = memo(function StepNode({ id, data, selected }: NodeProps<StepNodeType>) {
  const { node, label, unmet } = data;
  const outcome = useAnalysis((state) => state.outcomes.get(id));
  const kind = kindOf(node.type);
  const status = statusWith(node, unmet, outcome);
  const columns = outcome?.schema?.length;
  const marked = useMarked((state) => state.node === id);
  return (
    <div
      data-status={status.state}
      className={cx(
        "w-43 rounded-lg border bg-surface shadow-(--shadow) transition-shadow",
        kind.inputs.length > 1 && "pl-8",
        FRAMES[status.state],
        marked && "outline-2 outline-offset-2 outline-accent outline-dashed",
        selected && "ring-2 ring-accent ring-offset-1 ring-offset-bg",
        "in-[.react-flow\\_\\_node:focus-visible]:ring-2 in-[.react-flow\\_\\_node:focus-visible]:ring-accent",
      )}
    >
      <InputPorts node={node} ports={kind.inputs} />
      <div className="flex items-center gap-2 px-2.5 pt-2">
        <kind.icon aria-hidden size={15} className={cx("shrink-0", GROUP_COLOURS[kind.group])} />
        <NodeTitle id={id} name={node.name ?? ""} label={label} />
        <StatusMark status={status} />
      </div>
      <p className="mx-2.5 mt-0.5 mb-1.5 line-clamp-2 h-8 text-xs break-words text-muted" title={kind.summary(node.data)}>
        {kind.summary(node.data)}
      </p>
      <div className="flex items-center border-t border-line px-2.5 py-1 text-2xs text-muted tabular-nums">
        {columns === undefined ? "–" : S.common.columns(columns)}
      </div>
      {kind.hasOutput && <Handle type="source" position={Position.Right} />}
    </div>
  );
});
