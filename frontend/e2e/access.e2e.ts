/** Tenants in the browser, and pages that everybody can use: both themes, desktop and phone. */

import { describe, expect, it } from "vitest";

import { violations } from "./axe";
import { addNode, cells, headers, nodes, results, settings, shown, startFrom } from "./canvas";
import { browserMissing, useSession } from "./session";

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1440, height: 900 };

describe.skipIf(browserMissing)("tenants", () => {
  const session = useSession();

  it("see their own symbols in the same workflow", async () => {
    const { page, url } = session;
    await page.goto(url);
    for (const [tenant, allowed] of [
      ["firm-alpha", ["AAPL", "MSFT", "GOOGL", "SPY"]],
      ["firm-beta", ["JPM", "BAC", "GS", "IBM"]],
    ] as const) {
      await page.getByRole("button", { name: /^Tenant:/ }).click();
      await page.getByRole("menuitemradio", { name: tenant }).click();
      await page.getByRole("button", { name: /Volume by symbol/ }).click();
      await shown(page);
      await results(page).getByRole("tab", { name: "Data" }).click();
      await shown(page);
      const at = (await headers(page)).indexOf("symbol");
      const symbols = (await cells(page)).map((row) => row[at] ?? "");
      expect(symbols.length).toBeGreaterThan(0);
      expect(allowed).toEqual(expect.arrayContaining(symbols));
      await page.getByRole("button", { name: "New", exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
    }
  });
});

describe.skipIf(browserMissing)("accessibility", () => {
  const session = useSession();

  it.each([
    ["light", "desktop", DESKTOP, ["Chart", "Data", "Schema", "SQL"]],
    ["dark", "desktop", DESKTOP, ["Chart", "SQL"]],
    ["light", "phone", PHONE, ["Data"]],
    ["dark", "phone", PHONE, ["Chart"]],
  ] as const)("axe finds nothing: %s, %s", async (colorScheme, _name, viewport, tabs) => {
    const page = await session.open({ colorScheme, viewport });
    await page.goto(session.url);
    await page.getByRole("button", { name: /Daily turnover/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: /Daily turnover/ }).click();
    await results(page).locator("canvas").waitFor();
    for (const tab of tabs) {
      await results(page).getByRole("tab", { name: tab, exact: true }).click();
      await results(page).locator("canvas, td, [data-testid=sql]").first().waitFor();
      expect(await violations(page)).toEqual([]);
    }
    await page.goto(`${session.url}/dashboards`);
    await page.getByRole("heading", { name: "Dashboards" }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it.each(["light", "dark"] as const)("axe finds nothing on nodes with several inputs: %s", async (colorScheme) => {
    const page = await session.open({ colorScheme, viewport: DESKTOP });
    await page.goto(session.url);
    await startFrom(page, "reference.daily_bars");
    await addNode(page, "Window");
    await shown(page);
    expect(await violations(page)).toEqual([]);
    await addNode(page, "Join");
    await settings(page).getByLabel("Right input").selectOption("data_source_1");
    await shown(page);
    await settings(page).getByRole("button", { name: "Add a pair of keys" }).click();
    await settings(page).getByLabel("Left key 3").selectOption("close");
    await settings(page).getByLabel("Right key 3").selectOption("symbol");
    await settings(page).getByRole("alert").waitFor();
    expect(await violations(page)).toEqual([]);
    await settings(page).getByRole("button", { name: "Remove close = symbol" }).click();
    await page.getByRole("button", { name: "Add Note" }).click();
    await nodes(page).filter({ hasText: "Join" }).click();
    await results(page).getByRole("tab", { name: "SQL", exact: true }).click();
    await results(page).getByTestId("sql").first().waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it("reaches every part by keyboard alone", async () => {
    const { page, url } = session;
    await page.goto(url);
    await page.getByRole("searchbox", { name: "Search nodes" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("data");
    await page.keyboard.press("Enter");
    await page.locator(".react-flow__node").waitFor();
    await page.getByRole("button", { name: "raw_quotes" }).focus();
    await page.keyboard.press("Enter");
    await shown(page);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("limit");
    await page.keyboard.press("Enter");
    await page.locator(".react-flow__edge").first().waitFor({ state: "attached" });
  });
});
