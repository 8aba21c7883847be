import { Handle, Position, useConnection } from "@xyflow/react";

import { S } from "@/shared/strings";
import { cx } from "@/shared/ui/cx";

import type { DocNode } from "../document/doc";
import type { Port } from "../document/ports";
import { refusal } from "../document/wires";
import { portsOf } from "../kinds";
import { useCanvas } from "../store/canvas";

interface Props {
  readonly node: DocNode;
  readonly ports: readonly Port[];
}

/** The ports on a node's left side. Several are spread evenly, each with its name beside it. */
export function InputPorts({ node, ports }: Props) {
  const from = useConnection((connection) =>
    connection.inProgress && connection.fromHandle.type === "source" ? connection.fromNode.id : null,
  );
  return ports.map((port, index) => {
    const top = `${(100 * (index + 0.5)) / ports.length}%`;
    return (
      <div key={port.handle}>
        <Handle
          type="target"
          position={Position.Left}
          id={port.handle}
          title={port.handle === null ? undefined : S.canvas.portNames[port.handle]}
          style={{ top }}
          className={cx(from !== null && takes(node, port, from) && "takes-wire")}
        />
        {ports.length > 1 && port.handle !== null && (
          <span
            aria-hidden
            style={{ top }}
            className="pointer-events-none absolute left-1 w-8 -translate-y-1/2 text-center text-[0.625rem] text-muted"
          >
            {port.handle}
          </span>
        )}
      </div>
    );
  });
}

/** Whether a wire from that node may end here. */
function takes(node: DocNode, port: Port, from: string): boolean {
  return refusal(useCanvas.getState().doc, portsOf, from, node.id, port.handle) === null;
}
