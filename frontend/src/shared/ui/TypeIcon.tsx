import { Binary, CalendarDays, Clock, Hash, ToggleLeft, Type, type LucideIcon } from "lucide-react";

const ICONS: readonly (readonly [RegExp, LucideIcon])[] = [
  [/^(int64|float64|decimal)/, Hash],
  [/^datetime$/, Clock],
  [/^date$/, CalendarDays],
  [/^boolean$/, ToggleLeft],
  [/^string$/, Type],
];

/** The family of a column type as a picture; the exact type is its name for screen readers. */
export function TypeIcon({ type, size = 12 }: { readonly type: string; readonly size?: number }) {
  const Icon = ICONS.find(([pattern]) => pattern.test(type))?.[1] ?? Binary;
  return (
    <span title={type} className="inline-flex shrink-0 text-muted">
      <Icon aria-hidden size={size} strokeWidth={2} />
      <span className="sr-only">{type}</span>
    </span>
  );
}
