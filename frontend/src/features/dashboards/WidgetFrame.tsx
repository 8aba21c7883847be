import { Code, ExternalLink, FunnelX, GripVertical, Trash2 } from "lucide-react";
import type { KeyboardEvent } from "react";
import { Link } from "react-router";

import type { Problem } from "@/shared/api/problem";
import type { Widget, WidgetData } from "@/shared/api/types";
import { formatDatetime } from "@/shared/format/cell";
import { S } from "@/shared/strings";
import { IconButton } from "@/shared/ui/IconButton";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";
import { cx } from "@/shared/ui/cx";

import { WidgetBody } from "./WidgetBody";
import { timeOf } from "./asOf";
import { HANDLE_CLASS, STEPS } from "./handle";

interface Props {
  readonly widget: Widget;
  readonly title: string;
  readonly data: WidgetData | undefined;
  readonly problem: Problem | undefined;
  readonly loading: boolean;
  /** Whether the dashboard's range of time does not reach it. */
  readonly timeless: boolean;
  /** Whether the dashboard is filtered at all. */
  readonly filtered: boolean;
  readonly editing: boolean;
  readonly onRetry: () => void;
  readonly onRemove: () => void;
  readonly onEmbed: () => void;
  /** Move (or, with Shift, resize) by whole cells. */
  readonly onStep: (dx: number, dy: number, resize: boolean) => void;
}

/** One widget: title, rows or the error in place of them, and its handles in edit mode. */
export function WidgetFrame({ widget, title, data, problem, loading, timeless, filtered, editing, onRetry, onRemove, onEmbed, onStep }: Props) {
  const onKey = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    onStep(step[0], step[1], event.shiftKey);
  };
  const ignored = data ? [...new Set(data.filters_ignored), ...(timeless ? [S.filters.timeWord] : [])] : [];
  return (
    <section
      aria-label={title}
      aria-busy={loading}
      data-testid="widget"
      className="flex h-full flex-col overflow-hidden rounded-lg border border-line bg-surface shadow-(--shadow)"
    >
      <header className="flex h-8.5 shrink-0 items-center gap-1 border-b border-line pr-1 pl-2.5">
        {editing && (
          <button
            type="button"
            aria-label={S.dashboards.moveHandle(title)}
            title={S.dashboards.moveHandle(title)}
            onKeyDown={onKey}
            className={cx(HANDLE_CLASS, "-ml-1 cursor-move rounded p-1 text-muted hover:bg-hover")}
          >
            <GripVertical aria-hidden size={14} />
          </button>
        )}
        <h2 className={cx("min-w-0 flex-1 truncate font-semibold", editing && `${HANDLE_CLASS} cursor-move`)}>{title}</h2>
        {ignored.length > 0 && (
          <span className="flex min-w-0 items-center gap-1 text-2xs text-warn" title={S.filters.ignoredHint}>
            <FunnelX aria-hidden size={12} className="shrink-0" />
            <span className="truncate">{S.filters.ignored(ignored)}</span>
          </span>
        )}
        {data?.truncated && <span className="shrink-0 text-2xs text-warn">{S.dashboards.part(data.rows.length)}</span>}
        {data && !editing && (
          <time dateTime={data.as_of} title={S.dashboards.asOf(formatDatetime(data.as_of))} className="shrink-0 text-2xs text-muted tabular-nums">
            {timeOf(data.as_of)}
          </time>
        )}
        {editing ? (
          <IconButton icon={Trash2} label={`${S.dashboards.removeWidget}: ${title}`} onClick={onRemove} />
        ) : (
          <>
            <IconButton icon={Code} label={`${S.embed.open}: ${title}`} onClick={onEmbed} />
            <Link
              to={`/canvas/${widget.workflow_id}`}
              aria-label={`${S.dashboards.openWorkflow}: ${title}`}
              title={S.dashboards.openWorkflow}
              className="inline-flex size-7 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-fg"
            >
              <ExternalLink aria-hidden size={14} />
            </Link>
          </>
        )}
      </header>
      <div className={cx("min-h-0 flex-1", editing && "pointer-events-none")}>
        {problem ? (
          <div className="pointer-events-auto h-full overflow-auto p-2.5">
            <ProblemNote problem={problem} onRetry={onRetry} />
          </div>
        ) : data ? (
          <WidgetBody title={title} data={data} filtered={filtered} />
        ) : (
          <Skeleton rows={5} />
        )}
      </div>
    </section>
  );
}
