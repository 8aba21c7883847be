/** Where a column comes from: the table column that nodes on the way only passed on. */

import { type Config, type Doc, inputsOf } from "../document/doc";
import { renamesOf, text, texts } from "../kinds/configs";
import { defaultOutput } from "../kinds/window";

export interface Origin {
  readonly database: string;
  readonly table: string;
  readonly column: string;
}

/** Node types whose columns are those of their only input, unchanged. */
const PASSED_ON = new Set(["filter", "select", "sort", "limit", "unique", "sample"]);

/** The one column that a node of the type makes; it passes on all others. */
const MADE: Readonly<Record<string, (data: Config) => string>> = {
  formula: (data) => text(data["output_column"]),
  time_bucket: (data) => text(data["output_column"]) || "bucket",
  window: (data) => text(data["output_column"]) || defaultOutput(data),
};

/** The table column behind a column that arrives at the node; null where something else makes it. */
export function columnOrigin(doc: Doc, id: string, name: string): Origin | null {
  const inputs = inputsOf(doc, id);
  const [node] = inputs;
  if (!node || inputs.length > 1) return null;
  const { type, data } = node;
  if (type === "data_source") return { database: text(data["database"]), table: text(data["table"]), column: name };
  if (PASSED_ON.has(type)) return columnOrigin(doc, node.id, name);
  if (type === "rename") {
    const before = Object.entries(renamesOf(data)).find(([, after]) => after === name);
    return columnOrigin(doc, node.id, before?.[0] ?? name);
  }
  if (type === "group_by") return texts(data["group_by"]).includes(name) ? columnOrigin(doc, node.id, name) : null;
  if (type === "pivot") return texts(data["rows"]).includes(name) ? columnOrigin(doc, node.id, name) : null;
  const made = MADE[type]?.(data);
  return made === undefined || made === name ? null : columnOrigin(doc, node.id, name);
}
