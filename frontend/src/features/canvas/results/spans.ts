/** Which part of which statement a node wrote, and which node wrote a part. */

import type { CompileAnswer } from "@/shared/api/types";
import { toUtf16 } from "@/shared/schema/text";

/** A node's part of a statement; offsets count UTF-16 units, as the browser does. */
export interface Span {
  readonly node: string;
  readonly from: number;
  readonly to: number;
}

/** The parts of one statement, by node in topological order. */
export function spansIn({ statements, nodes }: CompileAnswer, statement: number): readonly Span[] {
  const sql = statements[statement]?.sql ?? "";
  return Object.entries(nodes).flatMap(([node, { sql_span: span, statement: own }]) => {
    if (!span || own !== statement) return [];
    return [{ node, from: toUtf16(sql, span[0]), to: toUtf16(sql, span[1]) }];
  });
}

/** The node that wrote what stands at an offset: of parts within each other, the innermost. */
export function nodeAt(spans: readonly Span[], offset: number): string | null {
  const around = spans.filter(({ from, to }) => from <= offset && offset < to);
  const [first, ...others] = around;
  if (!first) return null;
  return others.reduce((best, each) => (each.to - each.from < best.to - best.from ? each : best), first).node;
}
