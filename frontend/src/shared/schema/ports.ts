import { GraphError } from "./errors";
import { type NodeKind, NODES } from "./generated/nodes";

/**
 * The indexes of a node's wires in the order of its ports; too few or too many is refused. A node
 * with one port takes every wire there, whatever its handle is called.
 */
export function placeWires(kind: NodeKind, handles: readonly (string | null)[]): readonly number[] {
  const { ports } = NODES[kind];
  const stray = handles.find((handle) => ports.length > 1 && !ports.some((port) => port.handle === handle));
  const hint = stray === undefined ? "Draw a wire to it." : strayWire(kind, stray);
  const indexes = handles.map((_, index) => index);
  const placed = ports.flatMap(({ handle, least, most }) => {
    const here = indexes.filter((index) => ports.length === 1 || handles[index] === handle);
    const field = handle ?? "input";
    if (here.length < least) {
      const detail =
        here.length > 0
          ? `This ${kind} node needs ${least} inputs, and ${here.length} is connected.`
          : `The ${named(handle)} of this ${kind} node is not connected.`;
      throw new GraphError("missing_input", detail, { field, hint });
    }
    if (here.length > most) throw tooMany(kind, named(handle), field);
    return here;
  });
  if (placed.length < handles.length) {
    const detail = ports.length > 0 ? "Not all wires lead to an input." : `A ${kind} node takes no input.`;
    const remedy = stray === undefined ? "Remove the wires that lead to it." : strayWire(kind, stray);
    throw new GraphError("too_many_inputs", detail, { field: "input", hint: remedy });
  }
  return placed;
}

function strayWire(kind: NodeKind, handle: string | null): string {
  const known = NODES[kind].ports.map((port) => `'${port.handle ?? "input"}'`).join(" and ");
  return `A wire leads to '${handle ?? ""}', but the inputs are ${known}.`;
}

function named(handle: string | null): string {
  return handle === null ? "input" : `input '${handle}'`;
}

function tooMany(kind: NodeKind, where: string, field: string): GraphError {
  return new GraphError("too_many_inputs", `Too many wires lead to the ${where} of this ${kind} node.`, {
    field,
    hint: "Remove the wires that do not belong there.",
  });
}
