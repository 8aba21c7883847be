import { useEffect, useMemo, useRef, useState } from "react";

import { call } from "@/shared/api/client";
import { type Problem, toProblem } from "@/shared/api/problem";
import type { DataFilter, WidgetData } from "@/shared/api/types";
import { Refresher } from "@/shared/live/refresher";
import { serverSentEvents } from "@/shared/live/transport";
import { useFeed } from "@/shared/live/useFeed";

export interface Embedded {
  readonly data: WidgetData | null;
  readonly problem: Problem | null;
}

const POLL_MS = 15_000;
const UNAUTHENTICATED = 401;

/** The widget's rows under a token, kept up to date; `onRefused` asks for another token. */
export function useEmbeddedData(
  widgetId: string,
  token: string | null,
  filters: readonly DataFilter[],
  onRefused: () => void,
): Embedded {
  const [embedded, setEmbedded] = useState<Embedded>({ data: null, problem: null });
  const path = `/api/v1/embed/${encodeURIComponent(widgetId)}`;
  const query = useMemo(() => new URLSearchParams(filters.length > 0 ? { filters: JSON.stringify(filters) } : {}).toString(), [filters]);
  const latest = useRef({ token, onRefused });
  useEffect(() => {
    latest.current = { token, onRefused };
  });
  const headers = () => ({ authorization: `Bearer ${latest.current.token ?? ""}` });

  const [refresher, setRefresher] = useState<Refresher | null>(null);
  const ready = token !== null;
  useEffect(() => {
    if (!ready) return;
    const stop = new AbortController();
    const ask = async () => {
      try {
        const { data } = await call<WidgetData>(`${path}/data?${query}`, { headers: headers(), signal: stop.signal });
        setEmbedded({ data, problem: null });
      } catch (error) {
        if (stop.signal.aborted) return;
        const problem = toProblem(error);
        if (problem.status === UNAUTHENTICATED) latest.current.onRefused();
        // What is shown stays through a failure that may pass; it says itself as of when it is.
        setEmbedded((before) => ({ data: problem.status >= 400 && problem.status < 500 ? null : before.data, problem }));
      }
    };
    const created = new Refresher(ask);
    setRefresher(created);
    // The first question goes the same way: one after the other, so that no answer can overtake another.
    created.add([widgetId]);
    return () => {
      created.stop();
      stop.abort();
    };
  }, [path, query, ready, widgetId]);

  // Another token after a refusal: what was refused is asked for again.
  const refused = embedded.problem?.status === UNAUTHENTICATED;
  useEffect(() => {
    if (token !== null && refused) refresher?.add([widgetId]);
    // `refused` alone is no reason: only a new token is.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [token]);

  const state = useFeed(ready ? path : null, () => [serverSentEvents(`${path}/stream`, headers)], {
    onGap: () => refresher?.add([widgetId]),
    onMessage: (message) => {
      if (message.type === "invalidate") refresher?.add([widgetId]);
    },
  });
  useEffect(() => {
    if (state !== "polling") return;
    const timer = setInterval(() => refresher?.add([widgetId]), POLL_MS);
    return () => clearInterval(timer);
  }, [state, refresher, widgetId]);
  return embedded;
}
