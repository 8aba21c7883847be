import type { LimitConfig } from "../generated/nodes";
import type { Schema } from "../types";
import { type Complete, onlyInput } from "./base";

/** Unchanged. */
export function infer(_: Complete<LimitConfig>, inputs: readonly Schema[]): Schema {
  return onlyInput(inputs);
}
