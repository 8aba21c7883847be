/**
 * Schemas and problems of a whole graph, node by node, without asking the server. Twin of
 * `flowforge.compiler.propagate`.
 */

import type { Catalogue } from "./catalogue";
import { GraphError, type Problem } from "./errors";
import { type Graph, type JsonObject, parseGraph } from "./graph";
import { sameOrdering } from "./ordering";
import { type Input, type NodeOutcome, outcomeOf, type Situation } from "./outcome";
import { defaultsOf } from "./parameters";
import { sameSchema } from "./types";

export type { NodeOutcome };

export interface Propagation {
  /** By node id, in topological order; decorations are left out. */
  readonly nodes: ReadonlyMap<string, NodeOutcome>;
  /** What is wrong with the graph itself; then `nodes` is empty. */
  readonly graphProblem: Problem | null;
}

/** All problems, the graph's own first, then in topological order. */
export function problemsOf({ nodes, graphProblem }: Propagation): readonly Problem[] {
  const own = graphProblem ? [graphProblem] : [];
  return [...own, ...[...nodes.values()].flatMap((outcome) => outcome.problems)];
}

/** Propagate once, with nothing remembered. */
export function propagate(document: unknown, catalogue: Catalogue): Propagation {
  return new Propagator(catalogue).run(document);
}

interface Memory {
  readonly situation: Situation;
  readonly outcome: NodeOutcome;
}

/**
 * Propagates one document again and again as it is edited. It remembers each node's last outcome, so
 * that an edit costs the nodes whose configuration or input columns changed and nothing else.
 */
export class Propagator {
  readonly #catalogue: Catalogue;
  #memory: ReadonlyMap<string, Memory> = new Map();
  #parameters: readonly JsonObject[] = [];

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  /** Outcomes that did not change are the same objects as in the run before. */
  run(document: unknown): Propagation {
    const graph = readGraph(document);
    if ("code" in graph) return { nodes: new Map(), graphProblem: graph };
    const known = sameJson(graph.parameters, this.#parameters) ? this.#memory : new Map<string, Memory>();
    const parameters = defaultsOf(graph.parameters);
    const nodes = new Map<string, NodeOutcome>();
    const memory = new Map<string, Memory>();
    for (const { id, type, data } of graph.ordered) {
      const wires = graph.inputs.get(id) ?? [];
      const situation: Situation = {
        type,
        data,
        inputs: wires.map((wire) => inputOf(nodes, wire.source)),
        handles: wires.map((wire) => wire.targetHandle),
      };
      const before = known.get(id);
      const outcome =
        before && sameSituation(before.situation, situation)
          ? before.outcome
          : settled(before?.outcome, outcomeOf(id, situation, this.#catalogue, parameters));
      nodes.set(id, outcome);
      memory.set(id, { situation, outcome });
    }
    this.#memory = memory;
    this.#parameters = graph.parameters;
    return { nodes, graphProblem: null };
  }
}

function readGraph(document: unknown): Graph | Problem {
  try {
    return parseGraph(document);
  } catch (error) {
    if (error instanceof GraphError) return error.problem;
    throw error;
  }
}

/** Kahn's order: a wire's source always has its outcome before its target asks for it. */
function inputOf(nodes: ReadonlyMap<string, NodeOutcome>, source: string): Input {
  const outcome = nodes.get(source);
  if (!outcome) throw new Error(`${source} has no outcome yet`);
  return outcome;
}

function sameSituation(before: Situation, now: Situation): boolean {
  return (
    before.type === now.type &&
    before.inputs.length === now.inputs.length &&
    before.inputs.every((input, index) => sameInput(input, now.inputs[index])) &&
    before.handles.every((handle, index) => handle === now.handles[index]) &&
    sameJson(before.data, now.data)
  );
}

function sameInput(before: Input, now: Input | undefined): boolean {
  return before.schema === now?.schema && sameOrdering(before.ordering, now.ordering);
}

/** React keeps an untouched node's `data`, so texts are compared only where something was written. */
function sameJson(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** The outcome before, if the new one says the same, so that nothing behind it is done again. */
function settled(before: NodeOutcome | undefined, now: NodeOutcome): NodeOutcome {
  if (!before) return now;
  if (before.schema && now.schema) {
    return sameSchema(before.schema, now.schema) && sameOrdering(before.ordering, now.ordering) ? before : now;
  }
  return before.schema === now.schema && sameJson(before.problems, now.problems) ? before : now;
}
