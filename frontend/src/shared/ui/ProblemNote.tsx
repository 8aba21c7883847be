import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

import type { Problem } from "@/shared/api/problem";
import { S } from "@/shared/strings";

import { Button } from "./Button";

interface Props {
  readonly problem: Pick<Problem, "detail" | "hint" | "trace_id" | "code">;
  readonly onRetry?: () => void;
  /** Further ways out, such as a link to the node. */
  readonly children?: ReactNode;
}

/** What went wrong in plain words, what to do about it, and the id to quote when asking for help. */
export function ProblemNote({ problem, onRetry, children }: Props) {
  return (
    <div role="alert" className="flex gap-2 rounded-md border border-danger/40 bg-danger-soft p-2.5">
      <TriangleAlert aria-hidden size={16} className="mt-0.5 shrink-0 text-danger" />
      <div className="flex min-w-0 flex-col gap-1">
        <p className="font-medium break-words">{problem.detail}</p>
        {problem.hint !== undefined && <p className="text-muted">{problem.hint}</p>}
        {problem.trace_id !== undefined && (
          <p className="font-mono text-2xs break-all text-muted select-all">
            {S.common.trace(problem.trace_id)}
          </p>
        )}
        {(onRetry !== undefined || children !== undefined) && (
          <div className="mt-1 flex flex-wrap gap-2">
            {onRetry && <Button onClick={onRetry}>{S.common.retry}</Button>}
            {children}
          </div>
        )}
      </div>
    </div>
  );
}
