import type { Encoding } from "@/shared/components/charts/series";

/** The encoding in a widget's chart spec, read leniently: its members are a node's configuration. */
export function encodingOf(chart: Readonly<Record<string, unknown>>): Encoding {
  const { x, y, series } = chart;
  return {
    x: typeof x === "string" ? x : "",
    y: Array.isArray(y) ? y.filter((name): name is string => typeof name === "string") : [],
    series: typeof series === "string" ? series : null,
  };
}
