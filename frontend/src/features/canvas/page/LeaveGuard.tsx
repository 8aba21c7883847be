import { useEffect } from "react";
import { useBlocker } from "react-router";

import { S } from "@/shared/strings";
import { ConfirmLeave } from "@/shared/ui/ConfirmLeave";
import { watchUnsaved } from "@/shared/unsaved";

import { isDirty, useCanvas } from "../store/canvas";

const WORKFLOW = /^\/canvas\/([^/]+)/;

/** Ask before another workflow takes the place of unsaved work. Other pages leave it where it is. */
export function LeaveGuard() {
  const blocker = useBlocker(({ nextLocation }) => {
    const next = WORKFLOW.exec(nextLocation.pathname)?.[1];
    const state = useCanvas.getState();
    return next !== undefined && next !== state.workflow.id && isDirty(state);
  });
  useEffect(() => watchUnsaved(() => isDirty(useCanvas.getState())), []);
  return <ConfirmLeave blocker={blocker} text={S.canvas.leaveText} />;
}
