import { ChevronLeft, Ellipsis, LayoutGrid, Pause, Play, RefreshCw } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";

import { toProblem } from "@/shared/api/problem";
import { queryClient } from "@/shared/api/queryClient";
import { updateDashboard } from "@/shared/api/dashboards";
import type { Dashboard } from "@/shared/api/types";
import type { FeedState } from "@/shared/live/feed";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { IconButton } from "@/shared/ui/IconButton";
import { Menu } from "@/shared/ui/Menu";
import { NameDialog } from "@/shared/ui/NameDialog";
import { toast } from "@/shared/ui/toast";
import { cx } from "@/shared/ui/cx";

import { asOfText } from "./asOf";
import { LiveBadge } from "./live/LiveBadge";
import type { useDashboardData } from "./useDashboardData";
import type { useLayoutEdit } from "./useLayoutEdit";

interface Props {
  readonly dashboard: Dashboard;
  readonly etag: string | undefined;
  readonly layout: ReturnType<typeof useLayoutEdit>;
  readonly rows: ReturnType<typeof useDashboardData>;
  readonly narrow: boolean;
  readonly feed: FeedState | "paused";
  readonly onPause: (paused: boolean) => void;
}

const INTERVALS = [null, 5, 30, 60, 300] as const;

/** The dashboard's name, how fresh it is, and what can be done with it. */
export function DashboardHeader({ dashboard, etag, layout, rows, narrow, feed, onPause }: Props) {
  const [renaming, setRenaming] = useState(false);
  const change = async (wanted: { name?: string; refresh_seconds?: number | null }) => {
    setRenaming(false);
    await updateDashboard(dashboard.id, etag, wanted).catch((error: unknown) => {
      const problem = toProblem(error);
      toast(problem.status === 412 ? S.dashboards.conflict : problem.detail, "error");
    });
    await queryClient.invalidateQueries({ queryKey: ["dashboard"] });
    await queryClient.invalidateQueries({ queryKey: ["dashboards"] });
  };
  const asOf = asOfText(rows.data ?? []);
  return (
    <div className="flex h-10 shrink-0 items-center gap-1.5 border-b border-line bg-surface pr-2 pl-1">
      <Link
        to="/dashboards"
        aria-label={S.dashboards.openDashboard}
        title={S.dashboards.openDashboard}
        className="inline-flex size-7 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-fg"
      >
        <ChevronLeft aria-hidden size={16} />
      </Link>
      <h1 className="min-w-0 truncate text-sm font-semibold">{dashboard.name}</h1>
      <p data-testid="as-of" className="ml-auto truncate text-2xs text-muted max-sm:hidden">
        {asOf}
      </p>
      <span className="flex shrink-0 items-center max-sm:ml-auto">
        <LiveBadge state={feed} />
        <IconButton
          icon={feed === "paused" ? Play : Pause}
          label={feed === "paused" ? S.live.resume : S.live.pause}
          onClick={() => onPause(feed !== "paused")}
        />
      </span>
      <IconButton
        icon={RefreshCw}
        label={S.dashboards.refresh}
        onClick={() => void rows.refetch()}
        className={cx(rows.isFetching && "[&_svg]:animate-spin")}
      />
      {layout.editing && !narrow ? (
        <>
          <Button onClick={layout.discard}>{S.dashboards.discard}</Button>
          <Button tone="primary" disabled={layout.saving} onClick={() => void layout.finish()}>
            {S.dashboards.done}
          </Button>
        </>
      ) : (
        <>
          {!narrow && (
            <Button icon={LayoutGrid} disabled={dashboard.widgets.length === 0} onClick={layout.start}>
              {S.dashboards.edit}
            </Button>
          )}
          <Menu
            label={S.dashboards.more}
            button={<Ellipsis aria-hidden size={16} />}
            items={[
              { label: `${S.common.rename}…`, run: () => setRenaming(true) },
              { label: S.dashboards.fullScreen, run: () => void document.documentElement.requestFullscreen() },
              ...INTERVALS.map((seconds) => ({
                label: `${S.dashboards.refreshEvery}: ${S.dashboards.every(seconds)}`,
                checked: dashboard.refresh_seconds === seconds,
                run: () => void change({ refresh_seconds: seconds }),
              })),
            ]}
          />
        </>
      )}
      {renaming && (
        <NameDialog
          title={S.common.rename}
          label={S.common.name}
          initial={dashboard.name}
          confirm={S.common.rename}
          onConfirm={(name) => void change({ name })}
          onClose={() => setRenaming(false)}
        />
      )}
    </div>
  );
}
