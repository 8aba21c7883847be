/** Lengths of time as configurations write them: a count and a unit, such as `5m`. */

export interface Duration {
  /** Digits, or whatever stands in their place. */
  readonly count: string;
  /** `s`, `m`, `h`, `d`, `w`, or `M` for months. */
  readonly unit: string;
}

export function durationOf(text: string): Duration {
  const found = /^(.*?)([smhdwM])$/.exec(text.trim());
  return found ? { count: found[1] ?? "", unit: found[2] ?? "m" } : { count: text.trim(), unit: "m" };
}
