import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";

import { S } from "@/shared/strings";

import { IconButton } from "./IconButton";

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  readonly wide?: boolean;
  readonly size?: "normal" | "wide" | "large";
}

const SIZES = { normal: "max-w-md", wide: "max-w-2xl", large: "max-w-5xl" } as const;

/** A modal on the native `<dialog>`: focus stays inside, Escape closes, focus returns afterwards. */
export function Dialog({ title, onClose, children, footer, wide = false, size = wide ? "wide" : "normal" }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === ref.current) onClose();
      }}
      className={`m-auto max-h-[85dvh] w-[calc(100vw-2rem)] ${SIZES[size]} overflow-hidden rounded-lg border border-line bg-surface p-0 text-fg shadow-xl backdrop:bg-black/45`}
    >
      <div className="flex max-h-[85dvh] flex-col">
        <header className="flex items-center justify-between border-b border-line py-2 pr-2 pl-4">
          <h2 className="text-sm font-semibold">{title}</h2>
          <IconButton icon={X} label={S.common.close} onClick={onClose} />
        </header>
        <div className="flex min-h-0 flex-col gap-3 overflow-y-auto p-4">{children}</div>
        {footer !== undefined && (
          <footer className="flex justify-end gap-2 border-t border-line bg-sunken px-4 py-2.5">{footer}</footer>
        )}
      </div>
    </dialog>
  );
}
