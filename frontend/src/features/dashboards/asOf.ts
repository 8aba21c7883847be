import type { WidgetResult } from "@/shared/api/types";
import { formatDatetime } from "@/shared/format/cell";
import { S } from "@/shared/strings";

/** A widget's own moment: the time of day in UTC, since the day is nearly always today. */
export function timeOf(moment: string): string {
  return formatDatetime(moment.replace(/\.\d+/, "")).slice(11);
}

/** The moment of the oldest rows on the dashboard, in words; empty while there are none. */
export function asOfText(results: readonly WidgetResult[]): string {
  const moments = results.flatMap((result) => result.data?.as_of ?? []).sort();
  const [oldest] = moments;
  return oldest === undefined ? "" : S.dashboards.asOf(formatDatetime(oldest.replace(/\.\d+/, "")));
}
