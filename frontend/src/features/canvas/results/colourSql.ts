/** SQL text cut into pieces to colour, and cut again wherever a node's part begins or ends. */

import { StandardSQL } from "@codemirror/lang-sql";
import { classHighlighter, highlightTree } from "@lezer/highlight";

export type Tone = "keyword" | "string" | "number" | "plain";

export interface Piece {
  readonly from: number;
  readonly text: string;
  readonly tone: Tone;
}

const TONES: readonly (readonly [string, Tone])[] = [
  ["tok-keyword", "keyword"],
  ["tok-string", "string"],
  ["tok-number", "number"],
];

/** Pieces of one tone each, none of which crosses one of the `cuts` (UTF-16 offsets). */
export function colourSql(sql: string, cuts: Iterable<number> = []): Piece[] {
  const tones: { from: number; to: number; tone: Tone }[] = [];
  highlightTree(StandardSQL.language.parser.parse(sql), classHighlighter, (from, to, classes) => {
    const tone = TONES.find(([name]) => classes.includes(name))?.[1];
    if (tone) tones.push({ from, to, tone });
  });
  const all = new Set([0, sql.length, ...cuts, ...tones.flatMap(({ from, to }) => [from, to])]);
  const edges = [...all].filter((edge) => edge >= 0 && edge <= sql.length).sort((a, b) => a - b);
  // Both lists go from left to right: one pass over them is enough.
  let next = 0;
  return edges.slice(0, -1).map((from, index) => {
    const to = edges[index + 1] ?? sql.length;
    while ((tones[next]?.to ?? Infinity) <= from) next++;
    const tone = tones[next];
    return { from, text: sql.slice(from, to), tone: tone && tone.from <= from ? tone.tone : "plain" };
  });
}
