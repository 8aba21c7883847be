/** Texts of a column's profile and of what can be done with a column of a table. */

import { formatCount } from "../format/number";

export const profile = {
  open: (column: string) => `Column ${column}`,
  title: (column: string, type: string) => `${column} · ${type}`,
  sortUp: "Sort ascending",
  sortDown: "Sort descending",
  unsort: "As it came",
  hide: "Hide the column",
  sortedHint: "Sorts the rows in view; a sort node sorts all of them.",
  hidden: (count: number) => (count === 1 ? "1 column hidden" : `${formatCount(count)} columns hidden`),
  showAll: "Show all",
  sortedBy: (column: string, down: boolean) => `Rows in view sorted by ${column}, ${down ? "descending" : "ascending"}`,
  nulls: "Empty",
  distinct: "Distinct",
  atLeast: (count: number) => `at least ${formatCount(count)}`,
  least: "Least",
  greatest: "Greatest",
  of: (count: number, rows: number) =>
    rows === 0 ? formatCount(count) : `${formatCount(count)} (${((100 * count) / rows).toFixed(count === 0 || count === rows ? 0 : 1)} %)`,
  histogram: "Distribution",
  top: "Most frequent",
  methods: {
    all: "Of all rows.",
    sample: "Of a sample of the rows.",
    first: "Of the first rows.",
  } as Readonly<Record<string, string>>,
  bin: (from: string, to: string, count: number) => `${from} to ${to}: ${formatCount(count)}`,
  side: "Shown",
  output: "Output",
  inputFrom: (name: string) => `Input: ${name}`,
} as const;
