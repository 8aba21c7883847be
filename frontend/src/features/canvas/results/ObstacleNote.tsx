import { CircleDashed, Unplug } from "lucide-react";

import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ProblemNote } from "@/shared/ui/ProblemNote";

import type { DocNode } from "../document/doc";
import { kindOf, nodeName } from "../kinds";
import { select, useCanvas } from "../store/canvas";
import type { Status } from "../store/status";

interface Props {
  readonly target: DocNode;
  readonly obstacle: DocNode;
  readonly status: Status;
}

/** Why there are no rows: what is missing, at which node, and the way there. */
export function ObstacleNote({ target, obstacle, status }: Props) {
  const doc = useCanvas((state) => state.doc);
  const name = nodeName(doc, obstacle);
  const elsewhere = obstacle.id !== target.id;
  const go = elsewhere && <Button onClick={() => select([obstacle.id])}>{S.results.goTo(name)}</Button>;
  if (status.state === "error" && status.problems[0]) {
    return (
      <div className="p-3">
        <p className="pb-2 text-muted">{elsewhere ? S.results.fixUpstream(name) : S.results.fixFirst}</p>
        <ProblemNote problem={status.problems[0]}>{go}</ProblemNote>
      </div>
    );
  }
  const missing = status.state === "missing";
  const title = missing ? S.node.missingInput : S.results.configure;
  return (
    <EmptyState
      icon={missing ? Unplug : CircleDashed}
      title={elsewhere ? S.results.fixUpstream(name) : title}
      text={missing ? S.results.connectHint : kindOf(obstacle.type).summary(obstacle.data)}
    >
      {go}
    </EmptyState>
  );
}
