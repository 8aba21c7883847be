import { GraphError } from "../errors";
import type { TableViewConfig } from "../generated/nodes";
import type { Schema } from "../types";
import { type Complete, onlyInput } from "./base";

/** Rows; beyond it a page costs more than it shows. */
export const MAX_OFFSET = 10_000;

/** Unchanged. */
export function infer({ page, page_size }: Complete<TableViewConfig>, inputs: readonly Schema[]): Schema {
  if (page * page_size > MAX_OFFSET) {
    const detail = `Page ${page} of ${page_size} rows begins after row ${MAX_OFFSET}.`;
    throw new GraphError("offset_too_large", detail, {
      field: "page",
      hint: "Filter the rows, or export the whole result.",
    });
  }
  return onlyInput(inputs);
}
