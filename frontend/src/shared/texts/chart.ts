/** Texts of charts and of what people must know to read them. */

import { formatCount } from "../format/number";
import { plural } from "./plural";

export const chart = {
  asChart: "Show as chart",
  asTable: "Show as table",
  tooMany: (shown: number, total: number) => `Showing ${shown} of ${total} series. Filter or group to see others.`,
  against: (share: string, column: string, value: string) => `${share} against ${column} ${value}`,
  noData: "No rows to draw.",
  summary: (kind: string, y: string, x: string, rows: number) => `${kind} of ${y} by ${x}, ${plural(rows, "row")}`,
  barsSummary: (name: string, rows: number) => `Candlestick of ${name}, ${plural(rows, "bar")}`,
  gapsHidden: "Hide closed hours",
  gapsShown: "Show closed hours",
  sharedTimes: (count: number) => `${plural(count, "bar")} begin when another one does. Filter to one symbol.`,
  sharedCells: (count: number) => `${count === 1 ? "1 cell has" : `${formatCount(count)} cells have`} several rows; the last one is shown. Group the rows first.`,
  gridSummary: (value: string, x: string, y: string) => `Heatmap of ${value} by ${x} and ${y}`,
  mapSummary: (value: string, path: string) => `Treemap of ${value} by ${path}`,
  noArea: (count: number) => `Not drawn: ${plural(count, "row")} without an area above zero.`,
  tableSummary: (values: string, heads: string) => `${values} by ${heads}`,
  moreColumns: (shown: number, total: number) => `Showing ${formatCount(shown)} of ${formatCount(total)} columns.`,
  moreTiles: (shown: number, total: number) => `Showing the ${formatCount(shown)} largest of ${formatCount(total)} areas.`,
  missing: "empty",
  part: (count: number) => `Drawn from the first ${plural(count, "row")}; more exist.`,
} as const;
