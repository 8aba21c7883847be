import { Download, FileX2, Square, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link, useNavigate } from "react-router";

import { downloadResult, endExecution, isOver, type MEDIA } from "@/shared/api/executions";
import { toProblem } from "@/shared/api/problem";
import { queryClient } from "@/shared/api/queryClient";
import { saveFile } from "@/shared/files/saveFile";
import { formatDatetime } from "@/shared/format/cell";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";
import { toast } from "@/shared/ui/toast";

import { RunResult } from "./RunResult";
import { StatusText } from "./StatusText";
import { useRun } from "./useRun";

const SECONDS = 19;
const time = (moment: string) => formatDatetime(moment).slice(0, SECONDS);

/** One run: how it fares, and its rows once it is completed. */
export function RunView({ id }: { readonly id: string }) {
  const navigate = useNavigate();
  const { data: run, error } = useRun(id);
  const [busy, setBusy] = useState(false);
  if (error && !run) {
    return (
      <EmptyState icon={FileX2} title={S.runs.gone}>
        <ProblemNote problem={toProblem(error)} />
      </EmptyState>
    );
  }
  if (!run) return <Skeleton />;

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    await work().catch((failure: unknown) => toast(toProblem(failure).detail, "error"));
    setBusy(false);
  };
  const save = (format: keyof typeof MEDIA) =>
    attempt(async () => saveFile(await downloadResult(id, format), `${run.target_node_id}-${id.slice(0, 8)}.${format}`));
  const over = isOver(run);
  const end = () =>
    attempt(async () => {
      await endExecution(id);
      await queryClient.invalidateQueries({ queryKey: ["executions"] });
      if (over) {
        toast(S.runs.discarded);
        await navigate("/runs");
      } else await queryClient.invalidateQueries({ queryKey: ["execution"] });
    });
  const facts = [
    S.runs.node(run.target_node_id),
    S.runs.begun(time(run.created_at)),
    S.runs.by(run.created_by),
    ...(run.elapsed_ms === null ? [] : [S.runs.took(run.elapsed_ms)]),
    ...(run.status === "completed" ? [S.runs.kept(time(run.expires_at))] : []),
  ];
  return (
    <div className="flex h-full flex-col">
      <header className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1.5 border-b border-line bg-surface px-3 py-2">
        <div role="status" data-testid="run-status" className="flex items-center gap-3">
          <StatusText status={run.status} />
          {run.rows !== null && <span className="tabular-nums">{S.runs.rows(run.rows)}</span>}
        </div>
        <p className="min-w-0 text-2xs text-muted">{facts.join(" · ")}</p>
        {run.workflow_id !== null && (
          <Link to={`/canvas/${run.workflow_id}`} className="text-xs text-accent underline">
            {S.runs.workflow}
          </Link>
        )}
        <div className="ml-auto flex flex-wrap gap-1.5">
          {run.status === "completed" && (
            <>
              <Button icon={Download} disabled={busy} onClick={() => void save("csv")}>
                {S.runs.csv}
              </Button>
              <Button icon={Download} disabled={busy} onClick={() => void save("arrow")}>
                {S.runs.arrow}
              </Button>
            </>
          )}
          <Button icon={over ? Trash2 : Square} disabled={busy} onClick={() => void end()}>
            {over ? S.runs.discard : S.runs.cancel}
          </Button>
        </div>
      </header>
      <div className="min-h-0 flex-1">
        {run.status === "completed" ? (
          <RunResult id={id} />
        ) : run.error ? (
          <div className="p-3">
            <ProblemNote problem={run.error} />
          </div>
        ) : (
          <p className="p-6 text-center text-muted">{over ? S.runs.ended : S.runs.waiting}</p>
        )}
      </div>
    </div>
  );
}
