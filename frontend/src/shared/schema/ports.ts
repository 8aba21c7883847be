import { GraphError } from "./errors";
import { type NodeKind, NODES } from "./generated/nodes";

/**
 * The indexes of a node's wires in the order of its ports; too few or too many is refused. A node
 * with one port takes every wire there, whatever its handle is called.
 */
export function placeWires(kind: NodeKind, handles: readonly (string | null)[]): readonly number[] {
  const { ports } = NODES[kind];
  const indexes = handles.map((_, index) => index);
  const placed = ports.flatMap(({ handle, least, most }) => {
    const here = indexes.filter((index) => ports.length === 1 || handles[index] === handle);
    const field = handle ?? "input";
    if (here.length < least) {
      throw new GraphError("missing_input", `The ${named(handle)} of this ${kind} node is not connected.`, {
        field,
        hint: "Draw a wire to it.",
      });
    }
    if (here.length > most) throw tooMany(kind, named(handle), field);
    return here;
  });
  if (placed.length < handles.length) throw tooMany(kind, "set of inputs", "input");
  return placed;
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
