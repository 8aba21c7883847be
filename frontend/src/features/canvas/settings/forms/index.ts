/** The settings form of each node type. */

import type { ComponentType } from "react";

import type { FormProps } from "../form";
import { AsOfJoinForm } from "./AsOfJoinForm";
import { CandlestickForm } from "./CandlestickForm";
import { ChartForm } from "./ChartForm";
import { DataSourceForm } from "./DataSourceForm";
import { FilterForm } from "./FilterForm";
import { FormulaForm } from "./FormulaForm";
import { GroupForm } from "./GroupForm";
import { GroupByForm } from "./GroupByForm";
import { HeatmapForm } from "./HeatmapForm";
import { JoinForm } from "./JoinForm";
import { KpiForm } from "./KpiForm";
import { LimitForm } from "./LimitForm";
import { PivotForm } from "./PivotForm";
import { PivotTableForm } from "./PivotTableForm";
import { NoteForm } from "./NoteForm";
import { RenameForm } from "./RenameForm";
import { SampleForm } from "./SampleForm";
import { SelectForm } from "./SelectForm";
import { SortForm } from "./SortForm";
import { TableViewForm } from "./TableViewForm";
import { TimeBucketForm } from "./TimeBucketForm";
import { TreemapForm } from "./TreemapForm";
import { UnionForm } from "./UnionForm";
import { UniqueForm } from "./UniqueForm";
import { WindowForm } from "./WindowForm";

export const FORMS: Readonly<Record<string, ComponentType<FormProps>>> = {
  data_source: DataSourceForm,
  filter: FilterForm,
  select: SelectForm,
  rename: RenameForm,
  sort: SortForm,
  unique: UniqueForm,
  limit: LimitForm,
  sample: SampleForm,
  time_bucket: TimeBucketForm,
  window: WindowForm,
  join: JoinForm,
  asof_join: AsOfJoinForm,
  union: UnionForm,
  formula: FormulaForm,
  group_by: GroupByForm,
  pivot: PivotForm,
  table_view: TableViewForm,
  line_chart: ChartForm,
  bar_chart: ChartForm,
  candlestick: CandlestickForm,
  scatter: ChartForm,
  heatmap: HeatmapForm,
  treemap: TreemapForm,
  kpi: KpiForm,
  note: NoteForm,
  group: GroupForm,
  pivot_table: PivotTableForm,
};

/** The fields whose problems a form shows where they are; all others are shown below the form. */
export const SHOWN_AT_FIELD: Readonly<Record<string, RegExp>> = {
  data_source: /^adjust$/,
  join: /^(left|right)_keys?(\.\d+)?$|^join_type$/,
  asof_join: /^(left|right)_(keys?(\.\d+)?|time)$|^(join_type|direction|tolerance)$/,
  union: /^mode$/,
  sort: /^sorts(\.\d+\.column)?$/,
  sample: /^(rows|fraction|seed)$/,
  time_bucket: /^(column|size|anchor|timezone|calendar|session|output_column)$/,
  window: /^(function|column|frame(\.rows)?|offset|order_by(\.\d+\.column)?|partition_by(\.\d+)?|output_column)$/,
  pivot: /^(rows|column_values)(\.\d+)?$|^(column|function|value|weight|by)$/,
  candlestick: /^(time|open|high|low|close|volume)$/,
  heatmap: /^(x|y|value)$/,
  treemap: /^path(\.\d+)?$|^value$/,
  pivot_table: /^(rows|columns|values)(\.\d+)?$/,
};
