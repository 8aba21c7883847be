import type { WidgetData } from "@/shared/api/types";

const HEADER = 34;
const ROW = 26;
const KPI = 160;
const PICTURE = 380;
const MOST = 640;

/** How high the frame wants to be, in pixels: a table with its rows up to a bound, a picture always the same. */
export function preferredHeight(data: WidgetData | null): number {
  if (data === null) return PICTURE;
  if (data.widget_type === "kpi") return KPI;
  if (data.widget_type !== "table") return PICTURE;
  return Math.min(MOST, HEADER + 28 + ROW * Math.max(3, data.rows.length) + 2);
}
