import { Rows3 } from "lucide-react";

import type { ResultAnswer } from "@/shared/api/types";
import { Drawing } from "@/shared/components/charts/Drawing";
import { isDrawn } from "@/shared/components/charts/kinds";
import { DataTable } from "@/shared/components/table/DataTable";
import { S } from "@/shared/strings";
import { EmptyState } from "@/shared/ui/EmptyState";

import type { DocNode } from "../document/doc";
import { upstreamOf } from "../document/doc";
import { nodeName } from "../kinds";
import { whole } from "../kinds/configs";
import { DEFAULT_PAGE_SIZE } from "../kinds/table_view";
import { useCanvas } from "../store/canvas";
import { ColumnProfile } from "./ColumnProfile";

interface Props {
  readonly node: DocNode;
  readonly result: ResultAnswer;
  readonly as: "chart" | "data";
  readonly page: number;
}

export function Rows({ node, result, as, page }: Props) {
  const doc = useCanvas((state) => state.doc);
  if (result.rows.length === 0) {
    // The filter nearest to the node is where a person looks first.
    const filter = upstreamOf(doc, node.id).nodes.findLast((each) => each.type === "filter");
    const text = filter ? S.results.emptyText(nodeName(doc, filter)) : S.results.emptyPlain;
    return <EmptyState icon={Rows3} title={S.results.empty} text={text} />;
  }
  if (as === "chart" && isDrawn(node.type)) {
    return (
      <div className="flex h-full flex-col">
        <div className="min-h-0 flex-1">
          {/* What a person did to one node's picture (a zoom, its table) is not meant for another's. */}
          <Drawing key={node.id} kind={node.type} config={node.data} columns={result.columns} rows={result.rows} />
        </div>
        {result.truncated && node.type !== "kpi" && <p className="px-2 pb-1 text-2xs text-warn">{S.chart.part(result.rows.length)}</p>}
      </div>
    );
  }
  const size = node.type === "table_view" ? whole(node.data["page_size"], DEFAULT_PAGE_SIZE) : 0;
  return (
    <DataTable
      label={S.results.tableOf(nodeName(doc, node))}
      columns={result.columns}
      rows={result.rows}
      offset={page * size}
      profile={(column) => <ColumnProfile node={node} column={column} />}
    />
  );
}
