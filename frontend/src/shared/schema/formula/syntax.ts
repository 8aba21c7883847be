/** What a formula says, as a tree; `at` is where its first token starts, in UTF-16 units. */

export type Expression =
  | { readonly kind: "column"; readonly at: number; readonly name: string }
  | { readonly kind: "number"; readonly at: number; readonly text: string }
  | { readonly kind: "text"; readonly at: number; readonly value: string }
  | { readonly kind: "boolean"; readonly at: number; readonly value: boolean }
  | { readonly kind: "null"; readonly at: number }
  | Call
  | Case
  | { readonly kind: "unary"; readonly at: number; readonly operator: string; readonly operand: Expression }
  | Binary;

export interface Call {
  readonly kind: "call";
  readonly at: number;
  /** In upper case. */
  readonly name: string;
  readonly args: readonly Expression[];
}

/** `CASE [operand] WHEN … THEN … [ELSE otherwise] END`. */
export interface Case {
  readonly kind: "case";
  readonly at: number;
  readonly operand: Expression | null;
  readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
  readonly otherwise: Expression | null;
}

export interface Binary {
  readonly kind: "binary";
  readonly at: number;
  /** Where the operator itself starts. */
  readonly operatorAt: number;
  /** In upper case; `<>` is `!=`. */
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
}
