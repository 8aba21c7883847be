/**
 * What a formula says. Operators are calls under the names of the function table (`+`, `<>`,
 * `negate`, `POWER`, `IS NULL`, `IN`, `BETWEEN`, `CASE`). `at` is where the part starts, in UTF-16 units.
 */

export type Expression =
  | { readonly kind: "column"; readonly at: number; readonly name: string }
  | { readonly kind: "number"; readonly at: number; readonly text: string }
  | { readonly kind: "text"; readonly at: number; readonly value: string }
  | { readonly kind: "boolean"; readonly at: number; readonly value: boolean }
  | { readonly kind: "null"; readonly at: number }
  | Call;

export interface Call {
  readonly kind: "call";
  readonly at: number;
  /** In upper case. */
  readonly name: string;
  /** Written as `NAME(…)`, not as an operator: the name may be wrong. */
  readonly byName: boolean;
  readonly args: readonly Expression[];
}
