import { GraphError, type ErrorCode, type Place } from "../errors";
import { toCodePoints } from "../text";
import type { ColumnType } from "../types";

/** A typed part of a formula. */
export interface Operand {
  /** Null for a NULL that has no type yet. */
  readonly type: ColumnType | null;
  readonly nullable: boolean;
  /** Where its first token starts, in UTF-16 units. */
  readonly at: number;
  /** A literal's value, where a rule depends on it. */
  readonly literal?: string | number;
}

/** An error of the formula at an operand; the wire's position counts code points. */
export function formulaError(
  code: ErrorCode,
  detail: string,
  source: string,
  at: number,
  place: Pick<Place, "column" | "hint"> = {},
): GraphError {
  return new GraphError(code, detail, { field: "expression", position: toCodePoints(source, at), ...place });
}
