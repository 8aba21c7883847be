import { FileX2 } from "lucide-react";
import { useEffect } from "react";
import { Link, useParams } from "react-router";

import { useDashboard } from "@/shared/api/dashboards";
import { toProblem } from "@/shared/api/problem";
import { S } from "@/shared/strings";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";

import { DashboardView } from "./DashboardView";

/** One dashboard, by the id in the address. */
export function DashboardPage() {
  const { dashboardId = "" } = useParams();
  const { data, error, refetch } = useDashboard(dashboardId);
  const name = data?.data.name;
  useEffect(() => {
    document.title = `${name ?? S.dashboards.title} · ${S.common.app}`;
  }, [name]);

  if (data) return <DashboardView key={dashboardId} dashboard={data.data} etag={data.etag} />;
  if (!error) {
    return (
      <>
        <h1 className="sr-only">{S.dashboards.title}</h1>
        <Skeleton />
      </>
    );
  }
  return (
    <EmptyState icon={FileX2} title={S.dashboards.loadFailed}>
      <ProblemNote problem={toProblem(error)} onRetry={() => void refetch()}>
        <Link to="/dashboards" className="self-center text-accent underline">
          {S.dashboards.openDashboard}
        </Link>
      </ProblemNote>
    </EmptyState>
  );
}
