import { useBlocker } from "react-router";

import { S } from "@/shared/strings";
import { ConfirmLeave } from "@/shared/ui/ConfirmLeave";

/** Ask before a layout that is not saved is left. */
export function LayoutGuard({ dirty }: { readonly dirty: boolean }) {
  return <ConfirmLeave blocker={useBlocker(dirty)} text={S.dashboards.leaveText} />;
}
