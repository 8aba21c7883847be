import { useEffect, useRef } from "react";

import { createChart, type ECharts, type EChartsCoreOption } from "./echarts";

interface Props {
  readonly option: EChartsCoreOption;
  /** Read by screen readers in place of the picture. */
  readonly label: string;
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
    chart.current?.setOption(option, { notMerge: true });
  }, [option]);
  return <div ref={host} role="img" aria-label={label} data-testid="chart" className="size-full" />;
}
