/** Back to an earlier version; a whole run, its rows and its file; a file that becomes a table. */

import { readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { addNode, headers, nodes, results, saveAs, savedState, settings, shown, startFrom } from "./canvas";
import { api, volumeDashboard } from "./dashboard";
import { browserMissing, useSession } from "./session";

describe.skipIf(browserMissing)("the history of a workflow", () => {
  const session = useSession();

  it("says what changed, warns of what breaks, and restores", async () => {
    const { page, url } = session;
    const { workflowId } = await volumeDashboard(url, "Has a past");
    await page.goto(`${url}/canvas/${workflowId}`);
    await nodes(page).filter({ hasText: "Table View" }).click();
    await shown(page);
    await page.keyboard.press("Delete");
    await nodes(page).nth(2).waitFor({ state: "detached" });
    await page.keyboard.press("Control+s");
    const warning = page.getByRole("dialog", { name: "Saving breaks what others see" });
    await warning.getByRole("link", { name: /“Has a past dashboard”/ }).waitFor();
    await warning.getByRole("button", { name: "Save anyway" }).click();
    await page.getByText("Saved “Has a past”").waitFor();

    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Version history…" }).click();
    const dialog = page.getByRole("dialog", { name: "Version history" });
    await dialog.getByText("− Table View (rows)").waitFor();
    await dialog.getByRole("button", { name: "Restore this version" }).click();
    await nodes(page).nth(2).waitFor();
    expect(await savedState(page)).toBe("Saved");
    const versions = await api<{ items: unknown[] }>(url, "GET", `/api/v1/workflows/${workflowId}/versions`);
    expect(versions.items).toHaveLength(3);
  });
});

describe.skipIf(browserMissing)("runs and files", () => {
  const session = useSession();

  it("runs everything behind a node, and hands the whole result over", async () => {
    const { page, url } = session;
    await page.goto(url);
    await startFrom(page, "reference.instruments");
    await shown(page);
    await page.getByRole("button", { name: "Run in full and keep the result" }).click();
    await page.getByRole("button", { name: "Open runs" }).click();
    await page.getByTestId("run-status").getByText("completed").waitFor();
    const range = await page.getByTestId("range").innerText();
    const total = Number(range.replace(/.* of /, "").replace(/\D/g, ""));
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download CSV" }).click();
    const lines = (await readFile(await (await downloading).path(), "utf8")).trim().split(/\r?\n/);
    expect(total).toBeGreaterThan(0);
    expect(lines).toHaveLength(total + 1);
    await page.getByRole("button", { name: "Discard the run" }).click();
    await page.waitForURL(/\/runs$/);
  });

  it("makes a table of a file, and says what is in its columns", async () => {
    const { page, url } = session;
    await page.goto(url);
    await page.getByRole("button", { name: "Start with a data source" }).click();
    await settings(page).getByRole("button", { name: "Upload a file" }).click();
    const dialog = page.getByRole("dialog", { name: "Upload a file as a table" });
    const name = `weights_${Date.now()}`;
    const text = "symbol,weight\nAAPL,0.5\nMSFT,0.25\nSPY,\n";
    await dialog.locator("input[type=file]").setInputFiles({ name: `${name}.csv`, mimeType: "text/csv", buffer: Buffer.from(text) });
    await dialog.getByText("3 rows, 2 columns").waitFor();
    await dialog.getByRole("button", { name: "Make the table" }).click();
    await shown(page);
    expect(await headers(page)).toEqual(["symbol", "weight"]);
    await results(page).getByRole("button", { name: "Column weight" }).click();
    await page.getByTestId("profile").getByText("1 (33.3 %)").waitFor();
    await page.getByRole("button", { name: "Sort descending" }).click();
    await results(page).getByText(/sorted by weight, descending/).waitFor();
    await addNode(page, "Limit");
    await shown(page);
    await saveAs(page, "From a file");
  });
});
