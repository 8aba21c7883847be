/** The settings form of each node type. */

import type { ComponentType } from "react";

import type { FormProps } from "../form";
import { ChartForm } from "./ChartForm";
import { DataSourceForm } from "./DataSourceForm";
import { FilterForm } from "./FilterForm";
import { FormulaForm } from "./FormulaForm";
import { GroupByForm } from "./GroupByForm";
import { KpiForm } from "./KpiForm";
import { LimitForm } from "./LimitForm";
import { RenameForm } from "./RenameForm";
import { SelectForm } from "./SelectForm";
import { SortForm } from "./SortForm";
import { TableViewForm } from "./TableViewForm";
import { UniqueForm } from "./UniqueForm";

export const FORMS: Readonly<Record<string, ComponentType<FormProps>>> = {
  data_source: DataSourceForm,
  filter: FilterForm,
  select: SelectForm,
  rename: RenameForm,
  sort: SortForm,
  unique: UniqueForm,
  limit: LimitForm,
  formula: FormulaForm,
  group_by: GroupByForm,
  table_view: TableViewForm,
  line_chart: ChartForm,
  bar_chart: ChartForm,
  scatter: ChartForm,
  kpi: KpiForm,
};
