import { GraphError, type Problem } from "../errors";

/** The problem that `run` raises; anything else it raises, or nothing at all, fails the test. */
export function problemOf(run: () => unknown): Problem {
  try {
    run();
  } catch (error) {
    if (error instanceof GraphError) return error.problem;
    throw error;
  }
  throw new Error("no problem was raised");
}
