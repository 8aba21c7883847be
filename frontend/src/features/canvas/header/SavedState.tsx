import { CircleCheck, CircleDot } from "lucide-react";

import { S } from "@/shared/strings";

import { isDirty, useCanvas } from "../store/canvas";

/** Whether the server has what is on the screen. */
export function SavedState({ saving }: { readonly saving: boolean }) {
  const dirty = useCanvas(isDirty);
  const known = useCanvas((state) => state.saved !== null);
  const text = saving ? S.canvas.saving : dirty ? (known ? S.canvas.unsaved : S.canvas.draft) : known ? S.canvas.saved : "";
  const Icon = dirty || saving ? CircleDot : CircleCheck;
  return (
    <span role="status" data-testid="saved-state" className="flex shrink-0 items-center gap-1 text-xs text-muted">
      {text !== "" && <Icon aria-hidden size={13} />}
      <span className="max-sm:sr-only">{text}</span>
    </span>
  );
}
