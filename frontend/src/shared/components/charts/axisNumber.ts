const WITH_UNIT = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 2 });
const PLAIN = new Intl.NumberFormat("en-US", { maximumFractionDigits: 6 });
const FULL = new Intl.NumberFormat("en-US", { maximumFractionDigits: 8 });

const COMPACT_FROM = 100_000;

/** A tick of a value axis: `1.2M`, `0.0025`, `187.5`. */
export function tick(value: number): string {
  return Math.abs(value) >= COMPACT_FROM ? WITH_UNIT.format(value) : PLAIN.format(value);
}

/** A value in a tooltip. */
export function full(value: number): string {
  return FULL.format(value);
}
