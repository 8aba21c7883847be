import { useEffect, useState } from "react";
import { useNavigate } from "react-router";

import { type Problem, toProblem } from "@/shared/api/problem";

import { useCanvas } from "../store/canvas";
import { open } from "../store/persistence";

/** Open the workflow that the address names; without a name, go on with the one that is open. */
export function useOpenWorkflow(wanted: string | undefined): { readonly problem: Problem | null; readonly loading: boolean } {
  const navigate = useNavigate();
  const current = useCanvas((state) => state.workflow.id);
  const [failure, setFailure] = useState<{ readonly id: string; readonly problem: Problem } | null>(null);
  useEffect(() => {
    if (wanted === undefined) {
      if (current !== null) void navigate(`/canvas/${current}`, { replace: true });
      return;
    }
    if (wanted === current) return;
    const controller = new AbortController();
    open(wanted, controller.signal).then(
      () => setFailure(null),
      (error: unknown) => {
        if (!controller.signal.aborted) setFailure({ id: wanted, problem: toProblem(error) });
      },
    );
    return () => controller.abort();
  }, [wanted, current, navigate]);
  const problem = failure !== null && failure.id === wanted ? failure.problem : null;
  return { problem, loading: wanted !== undefined && wanted !== current && problem === null };
}
