/**
 * The workflow graph as React Flow writes it, bounded, checked and ordered. Twin of
 * `shared/flowforge/graph.py`: same checks, same order of checks, same codes.
 */

import { GraphError } from "./errors";
import { codePoints } from "./text";

export const MAX_NODES = 500;
export const MAX_EDGES = 2_000;
export const MAX_ID_LENGTH = 128;

/** Node types that only decorate the canvas and are never compiled. */
export const DECORATION: ReadonlySet<string> = new Set(["note", "group"]);

export type JsonObject = Readonly<Record<string, unknown>>;

/** One node; `data` is its configuration exactly as drawn. */
export interface Node {
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
}

/** A wire from `source`'s output to `target`'s port (`null` is the only port). */
export interface Edge {
  readonly source: string;
  readonly target: string;
  readonly targetHandle: string | null;
}

/** A checked graph: ids are unique, every edge joins two known nodes, no node is its own ancestor. */
export interface Graph {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly edges: readonly Edge[];
  readonly parameters: readonly JsonObject[];
  /** The wires that end in a node, in the order of the document. */
  readonly inputs: ReadonlyMap<string, readonly Edge[]>;
  /** All nodes, each after its inputs (Kahn's algorithm, stable in document order). */
  readonly ordered: readonly Node[];
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Read a graph document; a `GraphError` names the node, edge or field that is wrong. */
export function parseGraph(document: unknown): Graph {
  if (!isObject(document)) {
    throw new GraphError("invalid_request", "The graph must be an object.", { field: "graph" });
  }
  const rawNodes = document["nodes"];
  const rawEdges = "edges" in document ? document["edges"] : [];
  if (!Array.isArray(rawNodes)) {
    throw new GraphError("invalid_request", "The graph needs a list of nodes.", { field: "graph.nodes" });
  }
  if (!Array.isArray(rawEdges)) {
    throw new GraphError("invalid_request", "Edges must be a list.", { field: "graph.edges" });
  }
  if (rawNodes.length > MAX_NODES || rawEdges.length > MAX_EDGES) {
    throw new GraphError(
      "graph_too_large",
      `The graph has ${rawNodes.length} nodes and ${rawEdges.length} edges; ` +
        `at most ${MAX_NODES} and ${MAX_EDGES} are taken.`,
      { field: "graph", hint: "Split the workflow." },
    );
  }
  const { nodes, decoration } = readNodes(rawNodes);
  const edges = rawEdges
    .map((raw: unknown, index) => readEdge(raw, `graph.edges[${index}]`, nodes, decoration))
    .filter((edge) => edge !== null);
  const parameters: unknown = "parameters" in document ? document["parameters"] : [];
  if (!Array.isArray(parameters) || !parameters.every(isObject)) {
    throw new GraphError("invalid_request", "Parameters must be a list of objects.", {
      field: "graph.parameters",
    });
  }
  const inputs = inputsOf(nodes, edges);
  return { nodes, edges, parameters, inputs, ordered: order(nodes, edges, inputs) };
}

function readNodes(rawNodes: readonly unknown[]): { nodes: Map<string, Node>; decoration: Set<string> } {
  const nodes = new Map<string, Node>();
  const decoration = new Set<string>();
  rawNodes.forEach((raw, index) => {
    const node = readNode(raw, `graph.nodes[${index}]`);
    if (nodes.has(node.id) || decoration.has(node.id)) {
      throw new GraphError("duplicate_node", `Two nodes share the id '${node.id}'.`, {
        node_id: node.id,
        field: "id",
      });
    }
    if (DECORATION.has(node.type)) decoration.add(node.id);
    else nodes.set(node.id, node);
  });
  return { nodes, decoration };
}

function readNode(raw: unknown, where: string): Node {
  if (!isObject(raw)) {
    throw new GraphError("invalid_request", `${where} must be an object.`, { field: where });
  }
  const { id, type } = raw;
  const data = "data" in raw ? raw["data"] : {};
  if (typeof id !== "string" || id.length === 0 || codePoints(id) > MAX_ID_LENGTH) {
    throw new GraphError("invalid_request", `${where}.id must be a text of 1 to ${MAX_ID_LENGTH} characters.`, {
      field: `${where}.id`,
    });
  }
  if (typeof type !== "string") {
    throw new GraphError("unknown_node_type", `Node '${id}' has no type.`, { node_id: id, field: "type" });
  }
  if (!isObject(data)) {
    throw new GraphError("invalid_config", `Node '${id}': data must be an object.`, {
      node_id: id,
      field: "data",
    });
  }
  return { id, type, data };
}

/** A wire to or from a decoration carries nothing and is left out. */
function readEdge(
  raw: unknown,
  where: string,
  nodes: ReadonlyMap<string, Node>,
  decoration: ReadonlySet<string>,
): Edge | null {
  if (!isObject(raw)) {
    throw new GraphError("invalid_request", `${where} must be an object.`, { field: where });
  }
  const ends: string[] = [];
  for (const name of ["source", "target"]) {
    const end = raw[name];
    if (typeof end === "string" && decoration.has(end)) return null;
    if (typeof end !== "string" || !nodes.has(end)) {
      const shown = end === undefined ? "missing" : JSON.stringify(end);
      throw new GraphError("unknown_node", `${where}.${name} is ${shown}, which is not a node of this graph.`, {
        ...(typeof end === "string" && { node_id: end }),
        field: `${where}.${name}`,
      });
    }
    ends.push(end);
  }
  const handle = raw["targetHandle"] ?? null;
  if (handle !== null && typeof handle !== "string") {
    throw new GraphError("invalid_request", `${where}.targetHandle must be a text.`, { field: where });
  }
  const [source = "", target = ""] = ends;
  return { source, target, targetHandle: handle };
}

function inputsOf(nodes: ReadonlyMap<string, Node>, edges: readonly Edge[]): Map<string, Edge[]> {
  const inputs = new Map<string, Edge[]>();
  for (const id of nodes.keys()) inputs.set(id, []);
  for (const edge of edges) inputs.get(edge.target)?.push(edge);
  return inputs;
}

function order(
  nodes: ReadonlyMap<string, Node>,
  edges: readonly Edge[],
  inputs: ReadonlyMap<string, readonly Edge[]>,
): readonly Node[] {
  const waiting = new Map([...inputs].map(([id, wires]) => [id, wires.length]));
  const followers = new Map<string, string[]>();
  for (const { source, target } of edges) {
    const targets = followers.get(source);
    if (targets) targets.push(target);
    else followers.set(source, [target]);
  }
  // The list grows while it is walked: it is both the queue and the result.
  const ordered = [...nodes.values()].filter((node) => waiting.get(node.id) === 0);
  for (const node of ordered) {
    for (const follower of followers.get(node.id) ?? []) {
      const left = (waiting.get(follower) ?? 0) - 1;
      waiting.set(follower, left);
      const next = nodes.get(follower);
      if (left === 0 && next) ordered.push(next);
    }
  }
  if (ordered.length < nodes.size) {
    const stuck = onALoop([...waiting].filter(([, count]) => count > 0).map(([id]) => id), inputs);
    throw new GraphError("cycle", `Node '${stuck}' feeds itself: its inputs lead back to it.`, {
      node_id: stuck,
      field: "input",
      hint: "Remove one of the wires of the loop.",
    });
  }
  return ordered;
}

/** Of nodes that wait in vain, the first of one that leads back to itself; others only stand behind it. */
function onALoop(waiting: readonly string[], inputs: ReadonlyMap<string, readonly Edge[]>): string {
  let id = waiting[0] ?? "";
  const path: string[] = [];
  while (!path.includes(id)) {
    path.push(id);
    id = inputs.get(id)?.find(({ source }) => waiting.includes(source))?.source ?? id;
  }
  const loop = path.slice(path.indexOf(id));
  return waiting.find((each) => loop.includes(each)) ?? id;
}
