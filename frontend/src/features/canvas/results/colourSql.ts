/** SQL text cut into pieces to colour, and cut again where a marked span begins and ends. */

import { StandardSQL } from "@codemirror/lang-sql";
import { classHighlighter, highlightTree } from "@lezer/highlight";

export type Tone = "keyword" | "string" | "number" | "plain";

export interface Piece {
  readonly from: number;
  readonly text: string;
  readonly tone: Tone;
  readonly marked: boolean;
}

const TONES: readonly (readonly [string, Tone])[] = [
  ["tok-keyword", "keyword"],
  ["tok-string", "string"],
  ["tok-number", "number"],
];

export function colourSql(sql: string, span: readonly [number, number] | null): Piece[] {
  const tones: { from: number; to: number; tone: Tone }[] = [];
  highlightTree(StandardSQL.language.parser.parse(sql), classHighlighter, (from, to, classes) => {
    const tone = TONES.find(([name]) => classes.includes(name))?.[1];
    if (tone) tones.push({ from, to, tone });
  });
  const cuts = new Set([0, sql.length, ...(span ?? []), ...tones.flatMap(({ from, to }) => [from, to])]);
  const edges = [...cuts].filter((edge) => edge >= 0 && edge <= sql.length).sort((a, b) => a - b);
  return edges.slice(0, -1).map((from, index) => {
    const to = edges[index + 1] ?? sql.length;
    return {
      from,
      text: sql.slice(from, to),
      tone: tones.find((each) => each.from <= from && to <= each.to)?.tone ?? "plain",
      marked: span !== null && span[0] <= from && to <= span[1],
    };
  });
}
