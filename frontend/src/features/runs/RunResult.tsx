import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";

import { useExecutionPage } from "@/shared/api/executions";
import { toProblem } from "@/shared/api/problem";
import { DataTable } from "@/shared/components/table/DataTable";
import { S } from "@/shared/strings";
import { IconButton } from "@/shared/ui/IconButton";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";

const PAGE_SIZE = 500;

/** The rows of a completed run, page by page. */
export function RunResult({ id }: { readonly id: string }) {
  const [page, setPage] = useState(0);
  const { data, error, isPlaceholderData, refetch } = useExecutionPage(id, page, PAGE_SIZE);
  if (error) {
    return (
      <div className="p-3">
        <ProblemNote problem={toProblem(error)} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (!data) return <Skeleton />;
  const from = page * PAGE_SIZE;
  const last = from + data.rows.length >= data.total_rows;
  return (
    <div className="flex h-full flex-col" aria-busy={isPlaceholderData}>
      <div className={isPlaceholderData ? "min-h-0 flex-1 opacity-45" : "min-h-0 flex-1"}>
        <DataTable label={S.runs.result} columns={data.columns} rows={data.rows} offset={from} />
      </div>
      <div className="flex items-center justify-end gap-1 border-t border-line px-2 py-0.5">
        <IconButton icon={ChevronLeft} label={S.results.previous} disabled={page === 0} onClick={() => setPage(page - 1)} />
        <span data-testid="range" className="text-xs text-muted tabular-nums">
          {S.runs.range(Math.min(from + 1, data.total_rows), from + data.rows.length, data.total_rows)}
        </span>
        <IconButton icon={ChevronRight} label={S.results.next} disabled={last} onClick={() => setPage(page + 1)} />
      </div>
    </div>
  );
}
