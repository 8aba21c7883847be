import { GraphError } from "../errors";
import type { JoinConfig } from "../generated/nodes";
import type { Schema } from "../types";
import type { Complete } from "./base";
import { bothInputs, checkKeys, sideBySide } from "./joining";

/** The columns of both sides; those of a side that a row can lack are nullable. */
export function infer(config: Complete<JoinConfig>, inputs: readonly Schema[]): Schema {
  const sides = bothInputs(inputs);
  for (const side of ["left", "right"] as const) {
    if (config[`${side}_key`] !== null || config[`${side}_keys`] !== null) continue;
    throw new GraphError("invalid_config", `No key is chosen on the ${side}.`, {
      field: `${side}_key`,
      hint: "Choose the columns whose values must be equal.",
    });
  }
  checkKeys(config, sides);
  const kind = config.join_type;
  return sideBySide(sides, {
    left: kind === "right" || kind === "full",
    right: kind === "left" || kind === "full",
  });
}
