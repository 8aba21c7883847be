import { GraphError } from "../errors";
import type { AsOfJoinConfig } from "../generated/nodes";
import { findColumn, formatType, isTemporal, type Schema } from "../types";
import { columnOf, type Complete } from "./base";
import { bothInputs, checkKeys, refuseClash, sideBySide } from "./joining";

/** When the numbers of a bucket were known. */
const KNOWN_AT = "available_at";
const BUCKET_TIMES: ReadonlySet<string> = new Set(["bucket_start", "bucket_end", "window_start"]);

/** The columns of both sides; those on the right are nullable where a row may find no partner. */
export function infer(config: Complete<AsOfJoinConfig>, inputs: readonly Schema[]): Schema {
  const sides = bothInputs(inputs);
  checkKeys(config, sides);
  checkTimes(config, sides);
  return sideBySide(sides, { left: false, right: config.join_type === "left" });
}

function checkTimes(config: Complete<AsOfJoinConfig>, [left, right]: readonly [Schema, Schema]): void {
  const ours = columnOf(left, config.left_time, "left_time");
  const theirs = columnOf(right, config.right_time, "right_time");
  for (const [{ name, type }, field] of [[ours, "left_time"], [theirs, "right_time"]] as const) {
    if (isTemporal(type)) continue;
    const detail = `An as-of join compares dates or datetimes, but '${name}' is ${formatType(type)}.`;
    throw new GraphError("type_mismatch", detail, { field, column: name, hint: "Choose a date or datetime column." });
  }
  refuseClash(ours, theirs, "right_time");
  if (BUCKET_TIMES.has(theirs.name) && findColumn(right, KNOWN_AT)) {
    const detail = `'${theirs.name}' is before the bucket's numbers were known: joining on it looks ahead.`;
    throw new GraphError("invalid_config", detail, {
      field: "right_time",
      column: theirs.name,
      hint: `Choose '${KNOWN_AT}'.`,
    });
  }
}
