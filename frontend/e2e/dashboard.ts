/** Workflows and dashboards made through the API, for tests of what is seen of them. */

export interface Made {
  readonly dashboardId: string;
  readonly widgetId: string;
  readonly workflowId: string;
}

const HEADERS = { "X-Dev-Tenant": "demo", "content-type": "application/json" };

/** Call the API as the demo tenant. */
export async function api<T>(url: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...HEADERS, ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export const node = (id: string, type: string, data: Record<string, unknown>, x = 0) => ({ id, type, data, position: { x, y: 0 } });

/** A dashboard with one widget: the volume of each symbol. */
export async function volumeDashboard(url: string, name: string): Promise<Made> {
  const graph = {
    nodes: [
      node("trades", "data_source", { database: "flowforge", table: "raw_trades" }),
      node("sums", "group_by", { group_by: ["symbol"], aggregations: [{ function: "sum", column: "quantity", alias: "volume" }] }, 260),
      node("rows", "table_view", { page_size: 100 }, 520),
    ],
    edges: [
      { source: "trades", target: "sums" },
      { source: "sums", target: "rows" },
    ],
  };
  const workflow = await api<{ id: string }>(url, "POST", "/api/v1/workflows", { name, graph });
  const dashboard = await api<{ id: string }>(url, "POST", "/api/v1/dashboards", { name: `${name} dashboard` });
  const widget = await api<{ id: string }>(url, "POST", `/api/v1/dashboards/${dashboard.id}/widgets`, {
    workflow_id: workflow.id,
    output_node_id: "rows",
    widget_type: "table",
    config: { title: name },
  });
  return { dashboardId: dashboard.id, widgetId: widget.id, workflowId: workflow.id };
}
