/** Texts of the gallery of templates. */

import { plural } from "./plural";

export const templates = {
  heading: "Or begin with a template",
  reads: (tables: readonly string[]) => `reads ${tables.join(", ")}`,
  widgets: (count: number) => `with a dashboard of ${plural(count, "widget")}`,
  unavailable: "needs tables that this tenant cannot read",
  made: (name: string) => `Made “${name}” and its dashboard`,
} as const;
