/** The node types that are drawn as charts; a widget of one has the same name. */
export const CHART_KINDS = ["line_chart", "bar_chart", "scatter"] as const;

export type ChartKind = (typeof CHART_KINDS)[number];

export function isChart(type: string): type is ChartKind {
  return (CHART_KINDS as readonly string[]).includes(type);
}
