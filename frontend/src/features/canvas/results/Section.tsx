import type { ReactNode } from "react";

interface Props {
  readonly title: string;
  readonly open?: boolean;
  readonly children: ReactNode;
}

/** A part of the panel beside the SQL that can be folded away. */
export function Section({ title, open = false, children }: Props) {
  return (
    <details open={open} className="border-b border-line last:border-0">
      <summary className="px-3 py-1.5 text-xs font-medium text-muted hover:bg-hover">{title}</summary>
      {children}
    </details>
  );
}
