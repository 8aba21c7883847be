import type { LucideIcon } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";

import { cx } from "./cx";

export interface MenuItem {
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly keys?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly checked?: boolean;
  readonly run: () => void;
}

interface Props {
  readonly label: string;
  readonly button: ReactNode;
  readonly items: readonly MenuItem[];
  readonly buttonClass?: string;
  /** Which edges of button and list meet. */
  readonly align?: "left" | "right";
}

/** A menu button: arrow keys move, Escape or a click elsewhere closes, focus returns to the button. */
export function Menu({ label, button, items, buttonClass, align = "right" }: Props) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLButtonElement>("[role^=menuitem]:not(:disabled)")?.focus();
    const away = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);

  const close = () => {
    setOpen(false);
    trigger.current?.focus();
  };
  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key === "Escape") close();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const all = [...event.currentTarget.querySelectorAll<HTMLButtonElement>("[role^=menuitem]:not(:disabled)")];
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    all[(at + step + all.length) % all.length]?.focus();
  };
  return (
    <div ref={root} className="relative">
      <button
        ref={trigger}
        type="button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        className={cx(
          "inline-flex h-7.5 items-center gap-1.5 rounded-md px-2 transition-colors hover:bg-hover",
          buttonClass ?? "text-fg",
        )}
      >
        {button}
      </button>
      {open && (
        <div
          id={id}
          role="menu"
          aria-label={label}
          onKeyDown={onKey}
          className={cx(
            "absolute top-full z-40 mt-1 max-h-[70dvh] min-w-44 overflow-y-auto rounded-md border border-line bg-surface p-1 shadow-lg",
            align === "left" ? "left-0" : "right-0",
          )}
        >
          {items.map((item) => (
            <MenuRow
              key={item.label}
              item={item}
              onRun={() => {
                close();
                item.run();
              }}
            />
          ))}
        </div>
      )}
    </div>
  );
}

function MenuRow({ item, onRun }: { readonly item: MenuItem; readonly onRun: () => void }) {
  const { icon: Icon, checked } = item;
  return (
    <button
      type="button"
      role={checked === undefined ? "menuitem" : "menuitemradio"}
      aria-checked={checked}
      disabled={item.disabled}
      onClick={onRun}
      className={cx(
        "flex w-full items-center gap-2 rounded px-2 py-1 text-left enabled:hover:bg-hover disabled:opacity-45",
        "focus-visible:bg-hover focus-visible:outline-none",
        item.danger && "text-danger",
      )}
    >
      {checked !== undefined && (
        <span aria-hidden className="w-3 text-accent">
          {checked ? "✓" : ""}
        </span>
      )}
      {Icon && <Icon aria-hidden size={14} className="shrink-0" />}
      <span className="flex-1">{item.label}</span>
      {item.keys !== undefined && <kbd className="font-mono text-2xs text-muted">{item.keys}</kbd>}
    </button>
  );
}
