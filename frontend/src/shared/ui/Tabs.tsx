import { type KeyboardEvent, type ReactNode, useId } from "react";

import { cx } from "./cx";

export interface Tab<T extends string> {
  readonly id: T;
  readonly label: string;
}

interface Props<T extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<T>[];
  readonly active: T;
  readonly onPick: (id: T) => void;
  /** At the right of the tab list. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** Tabs after the ARIA authoring practices: arrow keys move, the active tab is the tab stop. */
export function Tabs<T extends string>({ label, tabs, active, onPick, aside, children }: Props<T>) {
  const base = useId();
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const index = tabs.findIndex((tab) => tab.id === active);
    const next = tabs[(index + step + tabs.length) % tabs.length];
    if (!next) return;
    onPick(next.id);
    document.getElementById(`${base}-${next.id}`)?.focus();
  };
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex min-h-9 shrink-0 items-center gap-2 border-b border-line bg-surface pr-2 pl-1">
        <div role="tablist" aria-label={label} className="flex shrink-0 self-stretch" onKeyDown={move}>
          {tabs.map((tab) => (
            <button
              key={tab.id}
              id={`${base}-${tab.id}`}
              type="button"
              role="tab"
              aria-selected={tab.id === active}
              aria-controls={`${base}-panel`}
              tabIndex={tab.id === active ? 0 : -1}
              onClick={() => onPick(tab.id)}
              className={cx(
                "border-b-2 px-2.5 py-1.5 text-[0.8125rem] focus-visible:-outline-offset-2",
                tab.id === active
                  ? "border-accent font-medium text-fg"
                  : "border-transparent text-muted hover:text-fg",
              )}
            >
              {tab.label}
            </button>
          ))}
        </div>
        <div className="ml-auto flex min-w-0 items-center gap-2">{aside}</div>
      </div>
      <div
        role="tabpanel"
        id={`${base}-panel`}
        aria-labelledby={`${base}-${active}`}
        className="min-h-0 flex-1"
      >
        {children}
      </div>
    </div>
  );
}
