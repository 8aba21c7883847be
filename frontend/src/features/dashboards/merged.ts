import type { WidgetResult } from "@/shared/api/types";

/** Answers that are likely to be different in a moment: no connection, over quota, store away. */
const PASSING = new Set([0, 429, 502, 503, 504]);

/**
 * The results with those that were asked for again in their places. Older rows never take the place of newer
 * ones, and a failure that will pass leaves what is shown, which says itself as of when it is.
 */
export function merged(
  before: readonly WidgetResult[] | undefined,
  found: readonly WidgetResult[],
): readonly WidgetResult[] | undefined {
  return before?.map((shown) => {
    const next = found.find((each) => each.widget_id === shown.widget_id);
    if (!next) return shown;
    if (shown.data && next.problem && PASSING.has(next.status)) return shown;
    if (shown.data && next.data && next.data.as_of < shown.data.as_of) return shown;
    return next;
  });
}
