/** The node types that are drawn with axes; a widget of one has the same name. */
export const CHART_KINDS = ["line_chart", "bar_chart", "scatter"] as const;

export type ChartKind = (typeof CHART_KINDS)[number];

export function isChart(type: string): type is ChartKind {
  return (CHART_KINDS as readonly string[]).includes(type);
}

export type DrawnKind = ChartKind | "kpi";

/** Whether a node's rows have a picture beside their table. */
export function isDrawn(type: string): type is DrawnKind {
  return isChart(type) || type === "kpi";
}
