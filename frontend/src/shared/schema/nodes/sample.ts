import { GraphError } from "../errors";
import type { SampleConfig } from "../generated/nodes";
import type { Schema } from "../types";
import { type Complete, onlyInput } from "./base";

/** Unchanged. */
export function infer({ rows, fraction }: Complete<SampleConfig>, inputs: readonly Schema[]): Schema {
  if ((rows === null) === (fraction === null)) {
    throw new GraphError("invalid_config", "A sample needs either a number of rows or a fraction of them.", {
      field: rows === null ? "rows" : "fraction",
      hint: "Give one of the two.",
    });
  }
  return onlyInput(inputs);
}
