import { useMutation } from "@tanstack/react-query";
import { LayoutDashboard, Plus } from "lucide-react";
import { useEffect, useState } from "react";
import { Link, useNavigate } from "react-router";

import { createDashboard, useDashboards } from "@/shared/api/dashboards";
import { toProblem } from "@/shared/api/problem";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { EmptyState } from "@/shared/ui/EmptyState";
import { NameDialog } from "@/shared/ui/NameDialog";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";

import { DashboardRow } from "./DashboardRow";

/** The tenant's dashboards. */
export function DashboardsPage() {
  const navigate = useNavigate();
  const { data, error, refetch } = useDashboards();
  const [creating, setCreating] = useState(false);
  const create = useMutation({
    mutationFn: (name: string) => createDashboard(name),
    onSuccess: ({ data: { id } }) => void navigate(`/dashboards/${id}`),
  });
  useEffect(() => {
    document.title = `${S.dashboards.title} · ${S.common.app}`;
  }, []);
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto flex min-h-full max-w-3xl flex-col gap-3 p-4">
        <div className="flex items-center justify-between">
          <h1 className="text-base font-semibold">{S.dashboards.title}</h1>
          <Button tone="primary" icon={Plus} onClick={() => setCreating(true)}>
            {S.dashboards.new}
          </Button>
        </div>
        {error && <ProblemNote problem={toProblem(error)} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton />}
        {data?.length === 0 && (
          <div className="flex-1">
            <EmptyState icon={LayoutDashboard} title={S.dashboards.none} text={S.dashboards.noneText}>
              <Link to="/canvas" className="text-accent underline">
                {S.dashboards.toCanvas}
              </Link>
            </EmptyState>
          </div>
        )}
        {data && data.length > 0 && (
          <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface">
            {data.map((dashboard) => (
              <DashboardRow key={dashboard.id} dashboard={dashboard} />
            ))}
          </ul>
        )}
      </div>
      {creating && (
        <NameDialog
          title={S.dashboards.new}
          label={S.common.name}
          initial={S.dashboards.newName}
          confirm={S.common.create}
          busy={create.isPending}
          problem={create.error ? toProblem(create.error) : undefined}
          onConfirm={create.mutate}
          onClose={() => setCreating(false)}
        />
      )}
    </div>
  );
}
