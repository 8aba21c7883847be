/** What changes reaches the screen by itself; what is filtered stays so; nothing of it is lost without a connection. */

import { randomUUID } from "node:crypto";

import { describe, expect, it } from "vitest";

import { violations } from "./axe";
import { api, volumeDashboard } from "./dashboard";
import { browserMissing, useSession } from "./session";

/** Tell the broker, beside the public port, that a table was written. */
async function announce(url: string, table: string, symbols: readonly string[]): Promise<void> {
  const { protocol, port } = new URL(url);
  const response = await fetch(`${protocol}//127.0.0.1:${Number(port) + 1}/flowforge/default`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "ce-specversion": "1.0",
      "ce-type": "flowforge.data.changed.v1",
      "ce-source": "/flowforge/test",
      "ce-id": randomUUID(),
      "ce-time": new Date().toISOString(),
    },
    body: JSON.stringify({ table, symbols }),
  });
  expect(response.status).toBe(202);
}

describe.skipIf(browserMissing)("live dashboards", () => {
  const session = useSession();

  it("ask again for the widgets whose data changed, and for no other", async () => {
    const { page, url } = session;
    const { dashboardId, widgetId } = await volumeDashboard(url, "Live volume");
    const bars = await api<{ id: string }>(url, "POST", "/api/v1/workflows", {
      name: "Instruments",
      graph: {
        nodes: [{ id: "s", type: "data_source", data: { database: "reference", table: "instruments" }, position: { x: 0, y: 0 } }],
        edges: [],
      },
    });
    const widget = { workflow_id: bars.id, output_node_id: "s", widget_type: "table", config: { title: "Untouched" } };
    await api(url, "POST", `/api/v1/dashboards/${dashboardId}/widgets`, widget);
    await page.goto(`${url}/dashboards/${dashboardId}?f=symbol~in~AAPL~MSFT`);
    const volume = page.getByTestId("widget").and(page.getByLabel("Live volume", { exact: true }));
    await volume.getByRole("cell", { name: "AAPL" }).waitFor();
    expect(await volume.getByRole("row").count()).toBe(3);
    await page.getByTestId("live-state").getByText("Live").waitFor();
    // What may have changed before the feed was open is asked for once more.
    await page.waitForTimeout(1_500);

    const asked = page.waitForRequest((request) => request.url().endsWith(`/dashboards/${dashboardId}/data`));
    await announce(url, "flowforge.raw_trades", ["AAPL"]);
    const body = (await asked).postDataJSON() as { widget_ids: string[]; filters: unknown[] };
    expect(body.widget_ids).toEqual([widgetId]);
    expect(body.filters).toEqual([{ column: "symbol", operator: "IN", value: ["AAPL", "MSFT"] }]);
    expect(await violations(page)).toEqual([]);
    expect(session.errors).toEqual([]);
  });

  it("say when they are not live, and come back", async () => {
    const { page, url } = session;
    const { dashboardId } = await volumeDashboard(url, "Cut off");
    await page.goto(`${url}/dashboards/${dashboardId}`);
    const state = page.getByTestId("live-state");
    await state.getByText("Live").waitFor();
    await page.getByRole("button", { name: "Pause live updates" }).click();
    await state.getByText("Paused").waitFor();
    await page.route("**/api/v1/stream**", (route) => route.abort());
    await page.getByRole("button", { name: "Resume live updates" }).click();
    await state.getByText(/Reconnecting|Polling/).waitFor();
    await page.getByRole("cell", { name: "AAPL" }).waitFor();
    await page.unroute("**/api/v1/stream**");
    await state.getByText("Live").waitFor();
  });
});
