/** How far a value is from the one that it is compared with, as a signed share; null where that says nothing. */
export function change(value: number | null, comparison: number | null): number | null {
  return value === null || comparison === null || comparison === 0 ? null : (value - comparison) / Math.abs(comparison);
}

const SHARE = new Intl.NumberFormat("en-US", { style: "percent", maximumFractionDigits: 2, signDisplay: "exceptZero" });

export function formatChange(share: number): string {
  return SHARE.format(share);
}
