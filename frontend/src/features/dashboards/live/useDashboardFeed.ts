import { useMemo } from "react";

import { queryClient } from "@/shared/api/queryClient";
import { formatDatetime } from "@/shared/format/cell";
import type { FeedState } from "@/shared/live/feed";
import type { Alert } from "@/shared/live/messages";
import { serverSentEvents, webSocket } from "@/shared/live/transport";
import { useFeed } from "@/shared/live/useFeed";
import { useSession } from "@/shared/session";
import { S } from "@/shared/strings";
import { notify } from "@/shared/ui/toast";

interface Handlers {
  /** These widgets' data changed. */
  readonly onChange: (widgetIds: readonly string[]) => void;
  /** Nobody knows what changed. */
  readonly onGap: () => void;
}

/** What the dashboard's live feed says; alerts and changes of the layout are dealt with here. */
export function useDashboardFeed(id: string, paused: boolean, handlers: Handlers): FeedState | "paused" {
  const tenant = useSession((state) => state.tenant);
  const query = useMemo(() => new URLSearchParams({ dashboard: id }).toString(), [id]);
  const state = useFeed(
    paused ? null : `${tenant} ${id}`,
    () => [webSocket(`/ws/dashboard/${encodeURIComponent(id)}`, { dashboard_id: id }), serverSentEvents(`/api/v1/stream?${query}`)],
    {
      onGap: handlers.onGap,
      onMessage: (message) => {
        if (message.type === "invalidate") handlers.onChange(message.widget_ids);
        if (message.type === "layout") void queryClient.invalidateQueries({ queryKey: ["dashboard", tenant, id] });
        if (message.type === "alert") notify(alertText(message.alert));
      },
    },
  );
  return paused ? "paused" : state;
}

function alertText({ kind, symbol, value, threshold, window_end: end }: Alert): string {
  const text = S.live.alert(S.live.alertKinds[kind] ?? kind, symbol, value, threshold);
  return end === undefined ? text : `${text} (${formatDatetime(end).slice(11, 19)} ${S.shell.zone})`;
}
