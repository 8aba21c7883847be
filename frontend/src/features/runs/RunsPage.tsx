import { ListChecks } from "lucide-react";
import { useEffect } from "react";
import { NavLink, useParams } from "react-router";

import { useExecutions } from "@/shared/api/executions";
import { toProblem } from "@/shared/api/problem";
import { formatDatetime } from "@/shared/format/cell";
import { S } from "@/shared/strings";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";
import { cx } from "@/shared/ui/cx";

import { RunView } from "./RunView";
import { StatusText } from "./StatusText";

const LIST_EVERY_MS = 3_000;
const SECONDS = 19;

/** The tenant's runs, and one of them with its result. */
export function RunsPage() {
  const { executionId } = useParams();
  const { data, error, refetch } = useExecutions(LIST_EVERY_MS);
  useEffect(() => {
    document.title = `${S.runs.title} · ${S.common.app}`;
  }, []);
  return (
    <div className="flex h-full max-md:flex-col">
      <section aria-label={S.runs.title} className="flex shrink-0 flex-col border-line bg-surface max-md:max-h-[35%] max-md:border-b md:w-72 md:border-r">
        <h1 className="border-b border-line px-3 py-2 font-semibold">{S.runs.title}</h1>
        {error && <ProblemNote problem={toProblem(error)} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton rows={5} />}
        <ul className="min-h-0 flex-1 overflow-y-auto p-1">
          {data?.map((run) => (
            <li key={run.id}>
              <NavLink
                to={`/runs/${run.id}`}
                className={({ isActive }) => cx("flex flex-col rounded-md px-2 py-1.5", isActive ? "bg-accent-soft" : "hover:bg-hover")}
              >
                <span className="flex items-center justify-between gap-2">
                  <StatusText status={run.status} />
                  {run.rows !== null && <span className="text-2xs text-muted tabular-nums">{S.runs.rows(run.rows)}</span>}
                </span>
                <span className="truncate text-2xs text-muted">
                  {formatDatetime(run.created_at).slice(0, SECONDS)} · {run.target_node_id}
                </span>
              </NavLink>
            </li>
          ))}
        </ul>
      </section>
      <div className="min-h-0 min-w-0 flex-1">
        {executionId !== undefined ? (
          <RunView key={executionId} id={executionId} />
        ) : (
          <EmptyState
            icon={ListChecks}
            title={data?.length === 0 ? S.runs.none : S.runs.pick}
            {...(data?.length === 0 && { text: S.runs.noneText })}
          />
        )}
      </div>
    </div>
  );
}
