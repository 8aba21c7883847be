import { useBlocker } from "react-router";

import { S } from "@/shared/strings";
import { ConfirmDialog } from "@/shared/ui/ConfirmDialog";

/** Ask before a layout that is not saved is left. */
export function LayoutGuard({ dirty }: { readonly dirty: boolean }) {
  const blocker = useBlocker(dirty);
  if (blocker.state !== "blocked") return null;
  return (
    <ConfirmDialog
      title={S.canvas.leaveTitle}
      text={S.dashboards.leaveText}
      confirm={S.canvas.leave}
      danger
      onConfirm={() => blocker.proceed()}
      onClose={() => blocker.reset()}
    />
  );
}
