import { type Column, isNumeric, type Schema } from "@/shared/schema/types";

/** Numbers that tell rows apart and measure nothing. */
const BOOKKEEPING: ReadonlySet<string> = new Set(["row_no", "sequence"]);
/** What a question about prices is mostly about. */
const USUAL = ["price", "close", "vwap"] as const;

/** Numeric columns that measure something; all of them if none does. */
function measures(schema: Schema): readonly Column[] {
  const numbers = schema.filter(({ type }) => isNumeric(type));
  const found = numbers.filter(({ name }) => !BOOKKEEPING.has(name));
  return found.length > 0 ? found : numbers;
}

/** The last measure: what was computed stands at the end. */
export function lastMeasure(schema: Schema | null, except: readonly string[] = []): Column | undefined {
  return measures((schema ?? []).filter(({ name }) => !except.includes(name))).at(-1);
}

/** A price if there is one, or else the last measure. */
export function usualMeasure(schema: Schema | null): Column | undefined {
  const named = USUAL.flatMap((name) => measures(schema ?? []).find((column) => column.name === name) ?? []);
  return named[0] ?? lastMeasure(schema);
}
