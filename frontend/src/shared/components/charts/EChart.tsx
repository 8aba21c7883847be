import { useEffect, useRef } from "react";

import { createChart, type ECharts, type EChartsCoreOption } from "./echarts";

interface Props {
  readonly option: EChartsCoreOption;
  /** Read by screen readers in place of the picture. */
  readonly label: string;
}

interface Zoom {
  readonly start?: number;
  readonly end?: number;
}

/** The option with the part in view that somebody has zoomed to: new rows must not throw them back. */
function withView(option: EChartsCoreOption, drawn: ECharts): EChartsCoreOption {
  const before = (drawn.getOption() as { dataZoom?: readonly Zoom[] } | undefined)?.dataZoom ?? [];
  const wanted = (option["dataZoom"] ?? []) as readonly Zoom[];
  if (before.length !== wanted.length) return option;
  const dataZoom = wanted.map((zoom, index) => ({ ...zoom, start: before[index]?.start, end: before[index]?.end }));
  return { ...option, dataZoom };
}

/** An ECharts instance that follows its container's size. */
export function EChart({ option, label }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  useEffect(() => {
    if (!host.current) return;
    const created = createChart(host.current);
    chart.current = created;
    const observer = new ResizeObserver(() => created.resize());
    observer.observe(host.current);
    return () => {
      observer.disconnect();
      created.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    const drawn = chart.current;
    if (!drawn) return;
    drawn.setOption(withView(option, drawn), { notMerge: true });
  }, [option]);
  return <div ref={host} role="img" aria-label={label} data-testid="chart" className="size-full" />;
}
