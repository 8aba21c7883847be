import type { LucideIcon } from "lucide-react";
import type { ButtonHTMLAttributes } from "react";

import { cx } from "./cx";

type Tone = "plain" | "primary" | "danger" | "quiet";

const TONES: Record<Tone, string> = {
  plain: "border-line-strong bg-surface text-fg enabled:hover:bg-hover",
  primary: "border-transparent bg-accent-solid text-white enabled:hover:brightness-110",
  danger: "border-transparent bg-danger-solid text-white enabled:hover:brightness-110",
  quiet: "border-transparent bg-transparent text-fg enabled:hover:bg-hover",
};

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly tone?: Tone;
  readonly icon?: LucideIcon;
}

export function Button({ tone = "plain", icon: Icon, className, children, ...rest }: Props) {
  return (
    <button
      type="button"
      className={cx(
        "inline-flex h-7.5 shrink-0 items-center justify-center gap-1.5 rounded-md border px-2.5",
        "text-[0.8125rem] font-medium whitespace-nowrap transition-colors",
        "disabled:cursor-not-allowed disabled:opacity-50",
        TONES[tone],
        className,
      )}
      {...rest}
    >
      {Icon && <Icon aria-hidden size={14} strokeWidth={2} />}
      {children}
    </button>
  );
}
