import { GraphError } from "../errors";
import { nearest } from "../formula/nearest";
import type { TimeBucketConfig } from "../generated/nodes";
import { TIME_ZONES, TRADING_CALENDARS } from "../generated/time_zones";
import { DATETIME, formatType, isTemporal, type Schema } from "../types";
import { columnOf, type Complete, onlyInput, refuseDuplicates } from "./base";

/** The input and the bucket's start. */
export function infer(config: Complete<TimeBucketConfig>, inputs: readonly Schema[]): Schema {
  const schema = onlyInput(inputs);
  const column = columnOf(schema, config.column, "column");
  if (!isTemporal(column.type)) {
    const detail = `A time bucket needs a date or a datetime, but '${column.name}' is ${formatType(column.type)}.`;
    throw new GraphError("type_mismatch", detail, {
      field: "column",
      column: column.name,
      hint: "Choose another column, or convert it with TO_DATE in a formula node first.",
    });
  }
  checkSize(config.size);
  if (config.anchor === "zone") checkKnown(config.timezone, "timezone", "time zone", TIME_ZONES);
  if (config.anchor === "session") checkKnown(config.calendar, "calendar", "trading calendar", TRADING_CALENDARS);
  const name = config.output_column;
  refuseDuplicates([...schema.map((each) => each.name), name], () => "output_column");
  return [...schema, { name, type: DATETIME, nullable: column.nullable || config.anchor === "session" }];
}

/** The largest count of each unit; twin of `flowforge/formula/bucket_size.py`. */
const MOST: Readonly<Record<string, number>> = { s: 86_400, m: 1_440, h: 24, d: 366, w: 53, M: 12 };

/** The pattern of the configuration has seen to its form. */
function checkSize(size: string): void {
  const unit = size.slice(-1);
  const most = MOST[unit] ?? 0;
  if (Number(size.slice(0, -1)) <= most) return;
  throw new GraphError("invalid_config", `A bucket of ${size} is too long.`, {
    field: "size",
    hint: `At most ${most}${unit}.`,
  });
}

function checkKnown(name: string | null, field: string, what: string, known: readonly string[]): void {
  if (name === null) {
    throw new GraphError("invalid_config", `The anchor ${field.slice(4)} needs a ${what}.`, {
      field,
      hint: "Choose one.",
    });
  }
  if (!known.includes(name)) {
    throw new GraphError("invalid_config", `There is no ${what} '${name}'.`, { field, ...nearest(name, known) });
  }
}
