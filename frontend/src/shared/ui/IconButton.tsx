import type { LucideIcon } from "lucide-react";
import type { ButtonHTMLAttributes } from "react";

import { cx } from "./cx";

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children"> {
  readonly icon: LucideIcon;
  /** What it does; read aloud and shown as a tooltip. */
  readonly label: string;
  readonly pressed?: boolean;
}

/** A button with a picture instead of a word. */
export function IconButton({ icon: Icon, label, pressed, className, ...rest }: Props) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      className={cx(
        "inline-flex size-7 shrink-0 items-center justify-center rounded-md text-muted transition-colors",
        "enabled:hover:bg-hover enabled:hover:text-fg disabled:cursor-not-allowed disabled:opacity-40",
        pressed && "bg-accent-soft text-accent",
        className,
      )}
      {...rest}
    >
      <Icon aria-hidden size={15} strokeWidth={2} />
    </button>
  );
}
