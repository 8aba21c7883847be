/**
 * What is wrong with a graph, in the words of the server's `application/problem+json`, so that one
 * component shows problems from either side. Twin of `shared/flowforge/errors.py`.
 */

import type { ErrorCode } from "./generated/error_codes";

export type { ErrorCode };

/** Where a problem is; names as on the wire. */
export interface Place {
  readonly node_id?: string;
  readonly field?: string;
  readonly column?: string;
  /** 0-based offset in code points (as Python counts) into the formula named by node and field. */
  readonly position?: number;
  /** What to do about it. */
  readonly hint?: string;
}

export interface Problem extends Place {
  /** The stable cause; `detail` may change its wording. */
  readonly code: ErrorCode;
  /** One sentence that quotes the offending value. */
  readonly detail: string;
}

/** The graph, a node's configuration or a formula cannot mean anything. */
export class GraphError extends Error {
  override readonly name = "GraphError";
  readonly problem: Problem;

  constructor(code: ErrorCode, detail: string, place: Place = {}) {
    super(detail);
    this.problem = { code, detail, ...place };
  }
}

/** The problem with its node named, unless a deeper layer already did. */
export function atNode(problem: Problem, nodeId: string): Problem {
  return problem.node_id === undefined ? { ...problem, node_id: nodeId } : problem;
}
