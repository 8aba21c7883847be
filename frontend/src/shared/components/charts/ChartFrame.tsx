import { ChartLine, Table2 } from "lucide-react";
import { type ReactNode, useState } from "react";

import type { Row, WireColumn } from "@/shared/api/types";
import { S } from "@/shared/strings";
import { IconButton } from "@/shared/ui/IconButton";

import { DataTable } from "../table/DataTable";
import { EChart } from "./EChart";
import type { EChartsCoreOption } from "./echarts";

interface Props {
  readonly option: EChartsCoreOption;
  /** Said in place of the picture, and of its table. */
  readonly description: string;
  readonly columns: readonly WireColumn[];
  readonly rows: readonly Row[];
  /** Whether there is nothing to draw. */
  readonly empty: boolean;
  /** Buttons beside the one that shows the table. */
  readonly tools?: ReactNode;
  /** What must be known to read the picture. */
  readonly children?: ReactNode;
}

/** A picture with its data as a table one click away. */
export function ChartFrame({ option, description, columns, rows, empty, tools, children }: Props) {
  const [asTable, setAsTable] = useState(false);
  return (
    <div className="relative flex h-full min-h-0 flex-col" data-keys="own">
      <div className="absolute top-1 right-1 z-10 flex rounded-md bg-surface/80">
        {!asTable && !empty && tools}
        <IconButton
          icon={asTable ? ChartLine : Table2}
          label={asTable ? S.chart.asChart : S.chart.asTable}
          onClick={() => setAsTable(!asTable)}
        />
      </div>
      <div className="min-h-0 flex-1">
        {asTable ? (
          <DataTable label={description} columns={columns} rows={rows} />
        ) : empty ? (
          <p className="p-6 text-center text-muted">{S.chart.noData}</p>
        ) : (
          <EChart option={option} label={description} />
        )}
      </div>
      {children}
    </div>
  );
}
