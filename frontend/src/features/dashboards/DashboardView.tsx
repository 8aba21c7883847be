import { LayoutDashboard } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";

import { removeWidget } from "@/shared/api/dashboards";
import { toProblem } from "@/shared/api/problem";
import { queryClient } from "@/shared/api/queryClient";
import type { Dashboard, Widget } from "@/shared/api/types";
import { useWorkflows } from "@/shared/api/workflows";
import { useNarrow } from "@/shared/hooks/useMediaQuery";
import { S } from "@/shared/strings";
import { ConfirmDialog } from "@/shared/ui/ConfirmDialog";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { toast } from "@/shared/ui/toast";

import { DashboardHeader } from "./DashboardHeader";
import { EmbedDialog } from "./embedding/EmbedDialog";
import { FilterBar } from "./filters/FilterBar";
import { timeless } from "./filters/questions";
import { useFilterScope } from "./filters/useFilterScope";
import { useFilters } from "./filters/useFilters";
import { LayoutGuard } from "./LayoutGuard";
import { WidgetColumn } from "./WidgetColumn";
import { WidgetFrame } from "./WidgetFrame";
import { WidgetGrid } from "./WidgetGrid";
import { nudge, resize } from "./layout";
import { useDashboardFeed } from "./live/useDashboardFeed";
import { usePolling } from "./live/usePolling";
import { titleOf } from "./titles";
import { useDashboardData } from "./useDashboardData";
import { useLayoutEdit } from "./useLayoutEdit";

interface Props {
  readonly dashboard: Dashboard;
  readonly etag: string | undefined;
}

export function DashboardView({ dashboard, etag }: Props) {
  const narrow = useNarrow();
  const { data: workflows } = useWorkflows();
  const { filters, setFilters } = useFilters();
  const scope = useFilterScope(dashboard);
  const [paused, setPaused] = useState(false);
  const rows = useDashboardData(dashboard, { filters, scope, every: paused ? null : dashboard.refresh_seconds });
  const ids = dashboard.widgets.map((widget) => widget.id);
  const feed = useDashboardFeed(dashboard.id, paused, { onChange: rows.refresh, onGap: () => rows.refresh(ids) });
  // What is written once a day need not be asked for every few seconds.
  usePolling(feed === "polling", () => rows.refresh(ids.filter((id) => scope?.lively.has(id) ?? true)));
  const layout = useLayoutEdit(dashboard, etag);
  const [embedding, setEmbedding] = useState<Widget | null>(null);
  const [removing, setRemoving] = useState<Widget | null>(null);
  const editing = layout.editing && !narrow;

  const remove = async (widget: Widget) => {
    setRemoving(null);
    await removeWidget(widget.id).catch((error: unknown) => toast(toProblem(error).detail, "error"));
    await queryClient.invalidateQueries({ queryKey: ["dashboard"] });
  };
  const draw = (id: string) => {
    const widget = dashboard.widgets.find((each) => each.id === id);
    if (!widget) return null;
    const result = rows.data?.find((each) => each.widget_id === id);
    return (
      <WidgetFrame
        widget={widget}
        title={titleOf(widget, workflows)}
        data={result?.data}
        problem={result?.problem}
        timeless={timeless(id, filters, scope)}
        filtered={filters.conditions.length > 0 || filters.time !== null}
        loading={rows.isFetching}
        editing={editing}
        onRetry={() => rows.refresh([id])}
        onRemove={() => setRemoving(widget)}
        onEmbed={() => setEmbedding(widget)}
        onStep={(dx, dy, bigger) => layout.set((bigger ? resize : nudge)(layout.places, id, dx, dy))}
      />
    );
  };
  return (
    <div className="flex h-full flex-col">
      <DashboardHeader dashboard={dashboard} etag={etag} layout={layout} rows={rows} narrow={narrow} feed={feed} onPause={setPaused} />
      {dashboard.widgets.length > 0 && scope && (
        <FilterBar columns={scope.columns} widgets={dashboard.widgets.length} filters={filters} onFilters={setFilters} />
      )}
      <div className="min-h-0 flex-1 overflow-y-auto p-2.5" tabIndex={0} role="region" aria-label={dashboard.name}>
        {editing && <p className="pb-2 text-xs text-muted">{S.dashboards.editing}</p>}
        {rows.error && !rows.data && (
          <ProblemNote problem={toProblem(rows.error)} onRetry={() => void rows.refetch()} />
        )}
        {dashboard.widgets.length === 0 ? (
          <EmptyState icon={LayoutDashboard} title={S.dashboards.empty} text={S.dashboards.emptyText}>
            <Link to="/canvas" className="text-accent underline">
              {S.dashboards.toCanvas}
            </Link>
          </EmptyState>
        ) : narrow ? (
          <WidgetColumn places={layout.places} draw={draw} />
        ) : (
          <WidgetGrid places={layout.places} editing={editing} onPlaces={layout.set} draw={draw} />
        )}
      </div>
      {removing && (
        <ConfirmDialog
          title={S.dashboards.removeWidget}
          text={S.dashboards.removeText(titleOf(removing, workflows))}
          confirm={S.common.remove}
          danger
          onConfirm={() => void remove(removing)}
          onClose={() => setRemoving(null)}
        />
      )}
      {embedding && (
        <EmbedDialog
          dashboard={dashboard}
          widget={embedding}
          titleFor={(widget) => titleOf(widget, workflows)}
          columns={scope?.columns ?? []}
          onClose={() => setEmbedding(null)}
        />
      )}
      <LayoutGuard dirty={layout.dirty} />
    </div>
  );
}
