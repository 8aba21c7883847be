/** What a person does on the canvas, in the words of the page. */

import { expect } from "vitest";
import type { Locator, Page } from "playwright-core";

export const settings = (page: Page): Locator => page.getByRole("region", { name: "Settings", exact: true });
export const results = (page: Page): Locator => page.getByRole("region", { name: "Results", exact: true });

/** Add a node from the palette; it is wired to the selected one. */
export async function addNode(page: Page, label: string): Promise<void> {
  await page.getByRole("button", { name: `Add ${label}`, exact: true }).click();
  await settings(page).getByRole("heading", { name: label }).waitFor();
}

export async function selectNode(page: Page, label: string): Promise<void> {
  await page.locator(".react-flow__node").filter({ hasText: label }).first().click();
  await settings(page).getByRole("heading", { name: label }).waitFor();
}

export async function chooseTable(page: Page, name: string): Promise<void> {
  await settings(page).locator(`[data-table="${name}"]`).click();
}

/** The rows of the selected node are there, and are not those of an earlier question. */
export async function rowsShown(page: Page): Promise<void> {
  await results(page).locator("[aria-busy=false]").waitFor({ timeout: 30_000 });
  await results(page).locator("tbody tr, canvas").first().waitFor({ timeout: 30_000 });
}

export async function headers(page: Page): Promise<string[]> {
  const names = await results(page).locator("thead th[scope=col]").allInnerTexts();
  return names.slice(1).map((name) => name.split("\n").at(-1) ?? "");
}

/** Every console error that the page reports. */
export function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  return errors;
}

export function expectNone(errors: readonly string[]): void {
  expect(errors).toEqual([]);
}
