/** RFC 9457 problem details as the functions send them, and the error that carries one. */

export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly trace_id?: string | undefined;
  readonly node_id?: string | undefined;
  readonly field?: string | undefined;
  readonly column?: string | undefined;
  readonly position?: number | undefined;
  readonly hint?: string | undefined;
}

/** A call that was answered with a problem, or not answered at all (`status` 0). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }
}

const UNREADABLE = "The server's answer could not be read.";

/** Read a failed answer's body; anything that is not problem+json still becomes a problem. */
export function readProblem(status: number, statusText: string, body: string): Problem {
  const fallback: Problem = {
    title: statusText || `HTTP ${status}`,
    status,
    detail: UNREADABLE,
    code: "unreadable_answer",
  };
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== "object" || parsed === null) return fallback;
    return { ...fallback, ...(parsed as Partial<Problem>), status };
  } catch {
    return fallback;
  }
}

/** Any thrown value as a problem, so that one component shows them all. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return { title: "Unexpected error", status: 0, detail, code: "client_error" };
}
