import { useQuery } from "@tanstack/react-query";

import { dashboardData, widgetData } from "@/shared/api/dashboards";
import { toProblem } from "@/shared/api/problem";
import { queryClient } from "@/shared/api/queryClient";
import type { Dashboard, WidgetResult } from "@/shared/api/types";
import { useSession } from "@/shared/session";

const SECOND = 1_000;

/** The rows of all widgets; asked again when the set of widgets changes, and as often as it says. */
export function useDashboardData(dashboard: Dashboard | undefined) {
  const tenant = useSession((state) => state.tenant);
  const widgets = dashboard?.widgets ?? [];
  const key = ["dashboard-data", tenant, dashboard?.id, widgets.map((widget) => widget.id).join()];
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => dashboardData(dashboard?.id ?? "", signal),
    enabled: widgets.length > 0,
    refetchInterval: dashboard?.refresh_seconds ? dashboard.refresh_seconds * SECOND : false,
    // The rows of the widgets that stay, while those of a new one are on their way.
    placeholderData: (previous, before) => (before?.queryKey[2] === dashboard?.id ? previous : undefined),
    staleTime: 0,
  });

  /** Ask again for one widget only. */
  const retry = async (id: string) => {
    const result: WidgetResult = await widgetData(id).then(
      (data) => ({ widget_id: id, status: 200, data }),
      (error: unknown) => {
        const problem = toProblem(error);
        return { widget_id: id, status: problem.status, problem };
      },
    );
    queryClient.setQueryData<readonly WidgetResult[]>(key, (all) =>
      all?.map((each) => (each.widget_id === id ? result : each)),
    );
  };
  return { ...query, retry };
}
