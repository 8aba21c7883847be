import { type ColumnType, DATETIME, decimal, INT64, STRING } from "../types";
import type { Operand } from "./operand";
import { add, divide, FIXED, multiply, rounded } from "./rules";
import type { FormulaFunction } from "./table";

type Typed = Operand & { readonly type: ColumnType };

const BELOW_DAY: ReadonlySet<string> = new Set(["second", "minute", "hour"]);

/** What a call returns, by the rule that its entry in the function table names. */
export function resultType(called: FormulaFunction, operands: readonly Typed[], shared: ColumnType | null): ColumnType {
  const fixed = FIXED[called.returns];
  if (fixed) return fixed;
  const [first, second] = operands;
  if (!first) throw new Error(`${called.name}: the rule ${called.returns} needs an operand`);
  switch (called.returns) {
    case "add":
      return add(first.type, (second ?? first).type);
    case "multiply":
      return multiply(first.type, (second ?? first).type);
    case "divide":
      return divide(first.type, (second ?? first).type);
    case "round":
      return rounded(first.type, typeof second?.literal === "number" ? second.literal : 0);
    case "whole":
      return rounded(first.type, 0);
    case "number":
      if (first.type.kind === "string") return decimal(38, 12);
      return first.type.kind === "boolean" ? INT64 : first.type;
    case "shift": {
      const moves = called.name === "DATE_ADD" && BELOW_DAY.has(String(first.literal).toLowerCase());
      return moves ? DATETIME : (operands.at(-1) ?? first).type;
    }
    case "common":
    case "branches":
      return shared ?? STRING;
    default:
      return first.type;
  }
}
