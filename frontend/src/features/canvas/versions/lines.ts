/** Two texts line by line, side by side. */

export interface LinePair {
  readonly before: string | null;
  readonly after: string | null;
  readonly same: boolean;
}

/** More cells than this are not worth aligning: then everything is old on one side and new on the other. */
const MOST_CELLS = 1_000_000;

/** Lines of both texts in order, equal ones beside each other (longest common subsequence). */
export function pairLines(before: string, after: string): readonly LinePair[] {
  const [left, right] = [split(before), split(after)];
  if (left.length * right.length > MOST_CELLS) return beside(left, right);
  // length[i][j]: of the longest common subsequence of left from i and right from j.
  const lengths = Array.from({ length: left.length + 1 }, () => new Uint32Array(right.length + 1));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row) row[j] = left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: LinePair[] = [];
  let [i, j] = [0, 0];
  let [gone, come]: [string[], string[]] = [[], []];
  const flush = () => {
    pairs.push(...beside(gone, come));
    [gone, come] = [[], []];
  };
  while (i < left.length || j < right.length) {
    const [old, next] = [left[i], right[j]];
    if (old !== undefined && old === next) {
      flush();
      pairs.push({ before: old, after: next, same: true });
      i += 1;
      j += 1;
    } else if (old !== undefined && (next === undefined || at(i + 1, j) >= at(i, j + 1))) {
      gone.push(old);
      i += 1;
    } else if (next !== undefined) {
      come.push(next);
      j += 1;
    }
  }
  flush();
  return pairs;
}

function split(text: string): readonly string[] {
  return text === "" ? [] : text.split("\n");
}

function beside(left: readonly string[], right: readonly string[]): LinePair[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => ({
    before: left[index] ?? null,
    after: right[index] ?? null,
    same: false,
  }));
}
