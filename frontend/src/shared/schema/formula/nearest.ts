/** Hints for a misspelt name. */

const SHOWN = 12;
const CLOSE = 0.6;

/** The known names closest to a misspelt one, or some of those there are. */
export function nearest(name: string, known: readonly string[]): { readonly hint?: string } {
  if (known.length === 0) return {};
  const wanted = name.slice(0, 128).toLowerCase();
  const close = known
    .map((each) => ({ each, score: similarity(wanted, each.toLowerCase()) }))
    .filter(({ score }) => score >= CLOSE)
    .sort((a, b) => b.score - a.score)
    .slice(0, 3)
    .map(({ each }) => each);
  if (close.length > 0) return { hint: `Did you mean ${close.join(" or ")}?` };
  return { hint: `There are: ${known.slice(0, SHOWN).join(", ")}${known.length > SHOWN ? ", …" : ""}.` };
}

/** 1 for equal texts, 0 for nothing in common: the edit distance as a share of the longer length. */
function similarity(a: string, b: string): number {
  const longer = Math.max(a.length, b.length);
  return longer === 0 ? 1 : 1 - editDistance(a, b) / longer;
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[b.length] ?? 0;
}
