/** Texts of runs: executions whose whole result is kept for a while. */

import { formatCount, formatDuration } from "../format/number";
import { plural } from "./plural";

export const runs = {
  title: "Runs",
  runInFull: "Run in full and keep the result",
  started: "The run has begun",
  show: "Open runs",
  none: "No runs yet",
  noneText: "On the canvas, choose “Run in full” beside a node's rows. The whole result is kept for a day.",
  pick: "Choose a run",
  status: {
    requested: "waiting",
    running: "running",
    completed: "completed",
    failed: "failed",
    cancelled: "cancelled",
  } as Readonly<Record<string, string>>,
  rows: (count: number) => plural(count, "row"),
  took: (ms: number) => formatDuration(ms),
  begun: (when: string) => `${when} UTC`,
  kept: (when: string) => `kept until ${when} UTC`,
  by: (who: string) => `by ${who}`,
  node: (id: string) => `node ${id}`,
  cancel: "Cancel the run",
  discard: "Discard the run",
  discarded: "The run is gone",
  csv: "Download CSV",
  arrow: "Download Arrow",
  result: "Result",
  range: (from: number, to: number, total: number) => `${formatCount(from)}–${formatCount(to)} of ${formatCount(total)}`,
  waiting: "The result appears here when the run is completed.",
  ended: "This run has no result.",
  gone: "The run is not there any more.",
  workflow: "Open its workflow",
} as const;
