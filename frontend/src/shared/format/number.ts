/** Counts and durations for people. Data values are never formatted here: see `cell.ts`. */

const COUNT = new Intl.NumberFormat("en-US");
const COMPACT = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** `1563415` as `1,563,415`. */
export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** `1563415` as `1.6M`. */
export function formatCompact(count: number): string {
  return COMPACT.format(count);
}

/** Milliseconds as `47 ms` or `1.2 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return `${(ms / 1_000).toFixed(1)} s`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** A size in the largest unit that leaves at least one whole: `1.2 MB`. */
export function formatBytes(bytes: number): string {
  let [size, unit] = [bytes, 0];
  for (; size >= 1000 && unit < UNITS.length - 1; unit++) size /= 1000;
  const digits = unit > 0 && size < 10 ? 1 : 0;
  return `${size.toFixed(digits)} ${UNITS[unit] ?? "B"}`;
}
