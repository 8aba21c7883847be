/** The settings form of each node type. */

import type { ComponentType } from "react";

import type { FormProps } from "../form";
import { AsOfJoinForm } from "./AsOfJoinForm";
import { ChartForm } from "./ChartForm";
import { DataSourceForm } from "./DataSourceForm";
import { FilterForm } from "./FilterForm";
import { FormulaForm } from "./FormulaForm";
import { GroupByForm } from "./GroupByForm";
import { JoinForm } from "./JoinForm";
import { KpiForm } from "./KpiForm";
import { LimitForm } from "./LimitForm";
import { RenameForm } from "./RenameForm";
import { SelectForm } from "./SelectForm";
import { SortForm } from "./SortForm";
import { TableViewForm } from "./TableViewForm";
import { UnionForm } from "./UnionForm";
import { UniqueForm } from "./UniqueForm";

export const FORMS: Readonly<Record<string, ComponentType<FormProps>>> = {
  data_source: DataSourceForm,
  filter: FilterForm,
  select: SelectForm,
  rename: RenameForm,
  sort: SortForm,
  unique: UniqueForm,
  limit: LimitForm,
  join: JoinForm,
  asof_join: AsOfJoinForm,
  union: UnionForm,
  formula: FormulaForm,
  group_by: GroupByForm,
  table_view: TableViewForm,
  line_chart: ChartForm,
  bar_chart: ChartForm,
  scatter: ChartForm,
  kpi: KpiForm,
};

/** The fields whose problems a form shows where they are; all others are shown below the form. */
export const SHOWN_AT_FIELD: Readonly<Record<string, RegExp>> = {
  join: /^(left|right)_keys?(\.\d+)?$|^join_type$/,
  asof_join: /^(left|right)_(keys?(\.\d+)?|time)$|^(join_type|direction|tolerance)$/,
  union: /^mode$/,
};
