/** Dashboards: make one, arrange it by pointer and keyboard, take a widget off, delete it. */

import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";

import { addNode, saveAs, shown, startFrom } from "./canvas";
import { browserMissing, useSession } from "./session";

/** Pin the selected node to a new dashboard and go there. */
async function pinToNew(page: Page, dashboard: string): Promise<void> {
  await page.getByRole("button", { name: "Pin to dashboard" }).click();
  const dialog = page.getByRole("dialog", { name: "Pin to dashboard" });
  await dialog.getByLabel("Dashboard", { exact: true }).selectOption({ label: "New dashboard…" });
  await dialog.getByLabel("Name of the new dashboard").fill(dashboard);
  await dialog.getByRole("button", { name: "Pin", exact: true }).click();
  await page.getByRole("button", { name: "Open dashboard" }).click();
  await page.getByRole("heading", { name: dashboard }).waitFor();
}

describe.skipIf(browserMissing)("dashboards", () => {
  const session = useSession();

  it("arranges widgets by keyboard, and remembers", async () => {
    const { page, url } = session;
    await page.goto(url);
    await startFrom(page, "reference.instruments");
    await addNode(page, "Table View");
    await shown(page);
    await saveAs(page, "Instruments");
    await pinToNew(page, "Arranged");
    const widget = page.getByRole("region", { name: "Instruments", exact: true });
    await widget.getByRole("cell").first().waitFor();
    const before = await widget.boundingBox();

    await page.getByRole("button", { name: "Edit layout" }).click();
    await widget.getByRole("button", { name: /^Move Instruments/ }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowDown");
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByText("Layout saved").waitFor();
    await page.reload();
    await widget.getByRole("cell").first().waitFor();
    const after = await widget.boundingBox();
    expect(after?.x).toBeGreaterThan((before?.x ?? 0) + 100);
    expect(after?.height).toBeGreaterThan(before?.height ?? 0);
    expect(session.errors).toEqual([]);
  });

  it("shows a broken widget's error inside it, with a way to try again", async () => {
    const { page, url } = session;
    await page.goto(url);
    await startFrom(page, "reference.instruments");
    await addNode(page, "Table View");
    await shown(page);
    await saveAs(page, "Broken");
    await pinToNew(page, "With a break");
    const headers = { "X-Dev-Tenant": "demo", "content-type": "application/json" };
    const listed = await page.request.get(`${url}/api/v1/workflows?limit=200`, { headers });
    const { items } = (await listed.json()) as { items: { id: string; name: string; version: number }[] };
    const broken = items.find((each) => each.name === "Broken");
    const node = { id: "table_view_1", type: "table_view", position: { x: 0, y: 0 }, data: {} };
    const graph = { nodes: [node], edges: [] };
    const patched = await page.request.patch(`${url}/api/v1/workflows/${broken?.id ?? ""}`, {
      headers: { ...headers, "if-match": "*" },
      data: { graph },
    });
    expect(patched.ok()).toBe(true);

    await page.reload();
    const widget = page.getByRole("region", { name: "Broken", exact: true });
    await widget.getByRole("alert").waitFor();
    await widget.getByRole("button", { name: "Try again" }).click();
    await widget.getByRole("alert").waitFor();
    expect(await widget.getByText(/^trace /).innerText()).toMatch(/^trace [0-9a-f]{32}$/);
  });

  it("creates, renames and deletes", async () => {
    const { page, url } = session;
    await page.goto(`${url}/dashboards`);
    await page.getByRole("button", { name: "New dashboard" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Short-lived");
    await page.keyboard.press("Enter");
    await page.getByText("This dashboard is empty").waitFor();
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Rename…" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Renamed");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Renamed" }).waitFor();
    await page.getByRole("link", { name: "All dashboards" }).click();
    await page.getByRole("button", { name: "Delete Renamed" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("link", { name: "Renamed" }).waitFor({ state: "detached" });
  });
});
