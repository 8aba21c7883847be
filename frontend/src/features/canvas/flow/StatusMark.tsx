import { CircleDashed, Hourglass, TriangleAlert, Unplug } from "lucide-react";

import { S } from "@/shared/strings";

import type { Status } from "../store/status";
import { missingText } from "./missingText";

const MARKS = {
  unconfigured: { icon: CircleDashed, text: S.node.unconfigured, tone: "text-muted" },
  missing: { icon: Unplug, text: S.node.missingInput, tone: "text-warn" },
  blocked: { icon: Hourglass, text: S.node.blocked, tone: "text-muted" },
} as const;

/** The sign in a node's corner; each state has a shape and words of its own. */
export function StatusMark({ status }: { readonly status: Status }) {
  if (status.state === "ok") return null;
  if (status.state === "error") {
    const text = status.problems.map((problem) => problem.detail).join("\n");
    return (
      <span title={text} className="ml-auto inline-flex items-center gap-0.5 text-2xs font-medium text-danger">
        <TriangleAlert aria-hidden size={14} />
        {status.problems.length}
        <span className="sr-only">{`${S.canvas.problems(status.problems.length)}: ${text}`}</span>
      </span>
    );
  }
  const { icon: Icon, tone } = MARKS[status.state];
  const text = status.state === "missing" ? missingText(status.ports) : MARKS[status.state].text;
  return (
    <span title={text} className={`ml-auto inline-flex ${tone}`}>
      <Icon aria-hidden size={14} />
      <span className="sr-only">{text}</span>
    </span>
  );
}
