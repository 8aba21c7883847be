import { useEffect, useMemo, useRef, useState } from "react";

import { WidgetBody } from "@/features/dashboards/WidgetBody";
import { formatDatetime } from "@/shared/format/cell";
import type { DataFilter } from "@/shared/api/types";
import { S } from "@/shared/strings";
import { showTheme } from "@/shared/theme";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";
import { HostLink } from "./hostLink";
import { preferredHeight } from "./preferredHeight";
import { useEmbeddedData } from "./useEmbeddedData";

interface Props {
  readonly widgetId: string;
  readonly initialFilters: readonly DataFilter[];
}

/** One widget and nothing around it, for other people's pages. */
export function EmbedPage({ widgetId, initialFilters }: Props) {
  const [token, setToken] = useState<string | null>(null);
  const [filters, setFilters] = useState(initialFilters);
  const link = useRef<HostLink | null>(null);
  useEffect(() => {
    const created = new HostLink(widgetId, { onToken: setToken, onFilters: setFilters, onTheme: showTheme });
    link.current = created;
    created.start();
    return () => created.stop();
  }, [widgetId]);

  const { data, problem } = useEmbeddedData(widgetId, token, filters, () => link.current?.needToken());
  const height = useMemo(() => preferredHeight(data), [data]);
  useEffect(() => {
    if (token !== null) link.current?.tellHeight(height);
  }, [token, height]);

  const title = typeof data?.chart["title"] === "string" ? data.chart["title"] : S.embed.widget;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <main aria-label={title} className="flex h-full flex-col bg-surface">
      {problem && problem.status !== 401 && !data ? (
        <div className="p-2.5">
          <ProblemNote problem={problem} />
        </div>
      ) : data ? (
        <>
          <h1 className="sr-only">{title}</h1>
          <div className="min-h-0 flex-1">
            <WidgetBody title={title} data={data} />
          </div>
          <p className="shrink-0 border-t border-line px-2 text-right text-2xs text-muted tabular-nums">
            <time dateTime={data.as_of}>{S.dashboards.asOf(formatDatetime(data.as_of.replace(/\.\d+/, "")))}</time>
          </p>
        </>
      ) : (
        <Waiting />
      )}
    </main>
  );
}

const PATIENCE_MS = 10_000;

/** Until there are rows; a page around the frame that hands over no token is told so after a while. */
function Waiting() {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return long ? (
    <p role="status" className="m-auto p-6 text-center text-muted">
      {S.embed.waiting}
    </p>
  ) : (
    <Skeleton />
  );
}
