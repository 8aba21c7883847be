/** Tenants in the browser, and pages that everybody can use: both themes, desktop and phone. */

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";

import { cells, headers, results, shown } from "./canvas";
import { browserMissing, useSession } from "./session";

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1440, height: 900 };

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(({ id, impact, nodes }) => `${impact ?? "?"} ${id}: ${nodes[0]?.html ?? ""}`);
}

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
