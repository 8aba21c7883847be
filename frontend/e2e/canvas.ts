/** What a person does on the canvas, in the words of the page. */

import type { Locator, Page } from "playwright-core";

const PATIENCE_MS = 60_000;

export const settings = (page: Page): Locator => page.getByRole("region", { name: "Settings", exact: true });
export const results = (page: Page): Locator => page.getByRole("region", { name: "Results", exact: true });
export const nodes = (page: Page): Locator => page.locator(".react-flow__node");
export const wires = (page: Page): Locator => page.locator(".react-flow__edge");

/** Add a node from the palette; it is wired to the selected one. */
export async function addNode(page: Page, label: string): Promise<void> {
  await page.getByRole("button", { name: `Add ${label}`, exact: true }).click();
  await settings(page).getByRole("heading", { name: label }).waitFor();
}

export async function selectNode(page: Page, label: string): Promise<void> {
  await nodes(page).filter({ hasText: label }).first().click();
  await settings(page).getByRole("heading", { name: label }).waitFor();
}

export async function chooseTable(page: Page, name: string): Promise<void> {
  await settings(page).locator(`[data-table="${name}"]`).click();
}

/** Start a workflow that reads a table. */
export async function startFrom(page: Page, table: string): Promise<void> {
  await page.getByRole("button", { name: "Start with a data source" }).click();
  await chooseTable(page, table);
}

/** Wait for the selected node's rows or chart: those of the current question, not of an earlier one. */
export async function shown(page: Page): Promise<void> {
  await results(page).locator("[aria-busy=false]").waitFor({ timeout: PATIENCE_MS });
  await results(page).locator("tbody td, canvas").first().waitFor({ timeout: PATIENCE_MS });
}

/** Names of the result's columns. */
export async function headers(page: Page): Promise<string[]> {
  const titles = results(page).locator("thead th[scope=col] [title*=' · ']");
  return (await titles.allInnerTexts()).map((name) => name.trim());
}

/** The cells in view, row by row, without row numbers. */
export async function cells(page: Page): Promise<string[][]> {
  const rows = await results(page).locator("tbody tr:not([aria-hidden])").all();
  return Promise.all(rows.map((row) => row.locator("td").allInnerTexts()));
}

/** Save under a name, for the first time. */
export async function saveAs(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Control+s");
  const dialog = page.getByRole("dialog", { name: "Save workflow" });
  await dialog.getByLabel("Workflow name").fill(name);
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await page.waitForURL(/\/canvas\/[0-9a-f-]{36}$/);
}

export async function savedState(page: Page): Promise<string> {
  return (await page.getByTestId("saved-state").innerText()).trim();
}
