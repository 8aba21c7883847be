/** The node types that are drawn with axes; a widget of one has the same name. */
export const CHART_KINDS = ["line_chart", "bar_chart", "scatter"] as const;

export type ChartKind = (typeof CHART_KINDS)[number];

/** All node types whose rows have a picture beside their table. */
export const DRAWN_KINDS = [...CHART_KINDS, "candlestick", "heatmap", "treemap", "pivot_table", "kpi"] as const;

export type DrawnKind = (typeof DRAWN_KINDS)[number];

export function isDrawn(type: string): type is DrawnKind {
  return (DRAWN_KINDS as readonly string[]).includes(type);
}
