import type { useBlocker } from "react-router";

import { S } from "@/shared/strings";

import { ConfirmDialog } from "./ConfirmDialog";

interface Props {
  readonly blocker: ReturnType<typeof useBlocker>;
  /** What would be lost. */
  readonly text: string;
}

/** Asks while a navigation is held up: go on without saving, or stay. */
export function ConfirmLeave({ blocker, text }: Props) {
  if (blocker.state !== "blocked") return null;
  return (
    <ConfirmDialog
      title={S.canvas.leaveTitle}
      text={text}
      confirm={S.canvas.leave}
      danger
      onConfirm={() => blocker.proceed()}
      onClose={() => blocker.reset()}
    />
  );
}
