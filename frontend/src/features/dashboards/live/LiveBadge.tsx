import type { FeedState } from "@/shared/live/feed";
import { S } from "@/shared/strings";
import { cx } from "@/shared/ui/cx";

const DOTS: Record<FeedState | "paused", string> = {
  connecting: "border border-muted",
  live: "bg-ok",
  reconnecting: "border border-warn bg-warn-soft",
  polling: "bg-warn",
  paused: "border border-muted",
};

/** Whether the widgets follow their data: a word and a dot, for those who look for it. */
export function LiveBadge({ state }: { readonly state: FeedState | "paused" }) {
  return (
    <span
      role="status"
      data-testid="live-state"
      title={S.live.hints[state]}
      className="flex shrink-0 items-center gap-1.5 text-2xs text-muted"
    >
      <span aria-hidden className={cx("size-2 rounded-full", DOTS[state])} />
      {S.live.states[state]}
    </span>
  );
}
