import { Rows3 } from "lucide-react";

import type { WidgetData } from "@/shared/api/types";
import { Drawing } from "@/shared/components/charts/Drawing";
import { isDrawn } from "@/shared/components/charts/kinds";
import { DataTable } from "@/shared/components/table/DataTable";
import { S } from "@/shared/strings";
import { EmptyState } from "@/shared/ui/EmptyState";

interface Props {
  readonly title: string;
  readonly data: WidgetData;
  /** Whether filters from outside may be why there are no rows. */
  readonly filtered?: boolean;
}

/** A widget's rows, drawn by the same components as on the canvas. */
export function WidgetBody({ title, data, filtered = false }: Props) {
  const { widget_type: type, columns, rows } = data;
  if (rows.length === 0) return <EmptyState icon={Rows3} title={S.results.empty} {...(filtered && { text: S.filters.emptied })} />;
  if (isDrawn(type)) return <Drawing kind={type} config={data.chart} columns={columns} rows={rows} />;
  const table = <DataTable label={S.results.tableOf(title)} columns={columns} rows={rows} />;
  if (type === "table") return table;
  return (
    <div className="flex h-full flex-col">
      <p className="px-2 py-1 text-2xs text-muted">{S.dashboards.unsupported(type)}</p>
      <div className="min-h-0 flex-1">{table}</div>
    </div>
  );
}
