import { Ban, CircleCheck, CircleDashed, LoaderCircle, TriangleAlert } from "lucide-react";

import type { ExecutionStatus } from "@/shared/api/executions";
import { S } from "@/shared/strings";

const LOOKS = {
  requested: { icon: CircleDashed, tone: "text-muted" },
  running: { icon: LoaderCircle, tone: "text-accent" },
  completed: { icon: CircleCheck, tone: "text-ok" },
  failed: { icon: TriangleAlert, tone: "text-danger" },
  cancelled: { icon: Ban, tone: "text-muted" },
} as const;

/** How a run fares: a sign and a word. */
export function StatusText({ status }: { readonly status: ExecutionStatus }) {
  const { icon: Icon, tone } = LOOKS[status];
  return (
    <span className="flex items-center gap-1.5 font-medium">
      <Icon aria-hidden size={14} className={tone} />
      {S.runs.status[status]}
    </span>
  );
}
