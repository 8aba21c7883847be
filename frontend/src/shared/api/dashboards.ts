import { useQuery } from "@tanstack/react-query";

import { useSession } from "../session";
import { type Answer, call } from "./client";
import type { Dashboard, DashboardSummary, DataFilter, Page, Place, Widget, WidgetResult } from "./types";

const PATH = "/api/v1/dashboards";
const LIST_LIMIT = 200;

const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;

export function useDashboards() {
  const tenant = useSession((state) => state.tenant);
  return useQuery({
    queryKey: ["dashboards", tenant],
    queryFn: async ({ signal }) =>
      (await call<Page<DashboardSummary>>(`${PATH}?limit=${LIST_LIMIT}`, { signal })).data.items,
    staleTime: 0,
  });
}

/** One dashboard with its version. */
export function useDashboard(id: string) {
  const tenant = useSession((state) => state.tenant);
  return useQuery({
    queryKey: ["dashboard", tenant, id],
    queryFn: ({ signal }) => call<Dashboard>(pathOf(id), { signal }),
    staleTime: 0,
  });
}

export function createDashboard(name: string): Promise<Answer<Dashboard>> {
  return call(PATH, { method: "POST", body: { name } });
}

export function updateDashboard(
  id: string,
  etag: string | undefined,
  change: { name?: string; layout?: readonly Place[]; refresh_seconds?: number | null },
): Promise<Answer<Dashboard>> {
  return call(pathOf(id), { method: "PATCH", body: change, etag });
}

export async function deleteDashboard(id: string): Promise<void> {
  await call(pathOf(id), { method: "DELETE" });
}

export type NewWidget = Pick<Widget, "workflow_id" | "output_node_id" | "widget_type" | "config">;

export function addWidget(dashboardId: string, widget: NewWidget): Promise<Answer<Widget>> {
  return call(`${pathOf(dashboardId)}/widgets`, { method: "POST", body: widget });
}

export async function removeWidget(id: string): Promise<void> {
  await call(`/api/v1/widgets/${encodeURIComponent(id)}`, { method: "DELETE" });
}

export interface DataQuestion {
  readonly filters: readonly DataFilter[];
  /** Some of the widgets; all of them without. */
  readonly widget_ids?: readonly string[];
}

/** Widgets' rows in one answer, each with a status of its own. */
export async function dashboardData(id: string, question: DataQuestion, signal?: AbortSignal): Promise<readonly WidgetResult[]> {
  const { data } = await call<{ widgets: readonly WidgetResult[] }>(`${pathOf(id)}/data`, {
    method: "POST",
    body: question,
    signal,
  });
  return data.widgets;
}
