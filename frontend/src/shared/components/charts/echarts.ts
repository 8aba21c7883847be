/** The parts of ECharts that the charts use; nothing else is bundled. */

import { BarChart, CandlestickChart, HeatmapChart, LineChart, ScatterChart, TreemapChart } from "echarts/charts";
import {
  AriaComponent,
  DataZoomInsideComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([
  AriaComponent,
  BarChart,
  CandlestickChart,
  CanvasRenderer,
  DataZoomInsideComponent,
  GridComponent,
  HeatmapChart,
  LabelLayout,
  LegendComponent,
  LineChart,
  ScatterChart,
  TooltipComponent,
  TreemapChart,
  VisualMapContinuousComponent,
]);

export const createChart = echarts.init;
export type { ECharts, EChartsCoreOption } from "echarts/core";
