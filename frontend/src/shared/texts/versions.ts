/** Texts of a workflow's versions, of what changed between them, and of what a change breaks. */

import { plural } from "./plural";

export const versions = {
  menu: "Version history…",
  title: "Version history",
  list: "Versions",
  version: (number: number) => `Version ${number}`,
  current: "current",
  savedBy: (who: string, when: string) => `${when} UTC, ${who}`,
  restore: "Restore this version",
  restored: (number: number) => `Version ${number} is the newest one again`,
  restoreTitle: "Restore over unsaved changes?",
  restoreText: "The changes on the canvas are not saved. They will be lost.",
  compare: (from: number, to: number) => `From version ${from} to version ${to}`,
  identical: "Both mean the same; nodes may have been moved.",
  pick: "This is the newest version. Choose an older one to compare.",
  renamed: "Name",
  added: "Added",
  removed: "Removed",
  changed: "Changed",
  wires: "Wires",
  parameters: "Parameters",
  setting: "Setting",
  before: "Before",
  after: "After",
  nothing: "none",
  sql: (node: string) => `SQL of ${node}`,
  columns: (node: string) => `Columns of ${node}`,
  retyped: "another type",
  reordered: "Columns come in another order.",
  nodeCounts: (added: number, removed: number, changed: number) =>
    [added && `${plural(added, "node")} added`, removed && `${removed} removed`, changed && `${changed} changed`]
      .filter(Boolean)
      .join(", "),
  impactTitle: "Saving breaks what others see",
  impactText: "With these changes the following would stop working:",
  impactSave: "Save anyway",
  impactWidget: (kind: string, dashboard: string) => `${kind} on “${dashboard}”`,
  impactKey: (name: string) => `Embedding key “${name}”`,
} as const;
