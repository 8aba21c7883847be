import { BellRing, CircleCheck, TriangleAlert, X } from "lucide-react";

import { S } from "@/shared/strings";

import { Button } from "./Button";
import { IconButton } from "./IconButton";
import { dismiss, useToasts } from "./toast";

/** The live region in which toasts appear. */
export function Toasts() {
  const toasts = useToasts((state) => state.toasts);
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-4 z-50 flex flex-col items-center gap-2 px-4"
    >
      {toasts.map(({ id, text, tone, action }) => (
        <div
          key={id}
          className="pointer-events-auto flex max-w-lg items-center gap-2 rounded-md border border-line-strong bg-surface py-1.5 pr-1.5 pl-3 shadow-lg"
        >
          {tone === "error" ? (
            <TriangleAlert aria-hidden size={15} className="shrink-0 text-danger" />
          ) : tone === "notice" ? (
            <BellRing aria-hidden size={15} className="shrink-0 text-warn" />
          ) : (
            <CircleCheck aria-hidden size={15} className="shrink-0 text-ok" />
          )}
          <span>{text}</span>
          {action && (
            <Button
              tone="quiet"
              className="text-accent"
              onClick={() => {
                dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <IconButton icon={X} label={S.common.dismiss} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
