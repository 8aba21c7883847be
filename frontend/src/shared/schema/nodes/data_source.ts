import type { DataSourceConfig } from "../generated/nodes";
import type { Schema } from "../types";
import { type Complete, onlyInput } from "./base";

/** The table's columns, which propagation has looked up. */
export function infer(_: Complete<DataSourceConfig>, inputs: readonly Schema[]): Schema {
  return onlyInput(inputs);
}
