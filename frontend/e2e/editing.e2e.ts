/** Editing on the canvas: wires, keys, undo, problems, and what happens to unsaved work. */

import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";

import { addNode, nodes, results, saveAs, savedState, selectNode, settings, shown, startFrom, wires } from "./canvas";
import { browserMissing, useSession } from "./session";

async function centre(locator: Locator): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox();
  if (!box) throw new Error("not on the page");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

describe.skipIf(browserMissing)("editing", () => {
  const session = useSession();

  it("draws a wire by dragging, and offers nodes where a wire is dropped on nothing", async () => {
    const { page, url } = session;
    await page.goto(url);
    await startFrom(page, "reference.daily_bars");
    await page.locator(".react-flow__pane").click({ position: { x: 20, y: 20 } });
    await addNode(page, "Limit");
    expect(await wires(page).count()).toBe(0);

    const from = await centre(nodes(page).nth(0).locator(".react-flow__handle.source"));
    const to = await centre(nodes(page).nth(1).locator(".react-flow__handle.target"));
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, to.y, { steps: 5 });
    await page.mouse.move(to.x, to.y, { steps: 5 });
    await page.mouse.up();
    await wires(page).first().waitFor({ state: "attached" });

    const end = await centre(nodes(page).nth(1).locator(".react-flow__handle.source"));
    await page.mouse.move(end.x, end.y);
    await page.mouse.down();
    await page.mouse.move(end.x + 120, end.y + 60, { steps: 5 });
    await page.mouse.up();
    await page.getByRole("combobox", { name: "Add a node" }).fill("sort");
    await page.keyboard.press("Enter");
    await settings(page).getByRole("heading", { name: "Sort" }).waitFor();
    expect(await wires(page).count()).toBe(2);
    expect(session.errors).toEqual([]);
  });

  it("drags a node from the palette, undoes, redoes, copies, and deletes", async () => {
    const { page, url } = session;
    await page.goto(url);
    // The offer to start is in the middle of the canvas, and a node may be dropped on it as well.
    await page.getByRole("button", { name: /Daily turnover/ }).waitFor();
    await page.getByRole("button", { name: "Add Data Source" }).dragTo(page.getByRole("heading", { name: "Start a workflow" }));
    await nodes(page).first().waitFor();
    await page.getByRole("button", { name: "Add Note" }).dragTo(page.locator(".react-flow__pane"), { targetPosition: { x: 130, y: 60 } });
    await nodes(page).nth(1).waitFor();
    await page.keyboard.press("Control+z");
    expect(await nodes(page).count()).toBe(1);
    await page.keyboard.press("Control+z");
    expect(await nodes(page).count()).toBe(0);
    await page.keyboard.press("Control+Shift+z");
    expect(await nodes(page).count()).toBe(1);

    await nodes(page).first().click();
    await page.keyboard.press("Control+c");
    await page.keyboard.press("Control+v");
    expect(await nodes(page).count()).toBe(2);
    await page.keyboard.press("Control+d");
    expect(await nodes(page).count()).toBe(3);
    await page.keyboard.press("Delete");
    expect(await nodes(page).count()).toBe(2);
  });

  it("never deletes a node by a key that belongs to a grid or a field", async () => {
    const { page, url } = session;
    await page.goto(url);
    await startFrom(page, "reference.daily_bars");
    await shown(page);
    await results(page).getByRole("region", { name: /Rows of/ }).focus();
    await page.keyboard.press("Delete");
    await page.getByLabel("Search nodes").focus();
    await page.keyboard.press("Backspace");
    expect(await nodes(page).count()).toBe(1);
  });

  it("marks every break of an upstream change at once, and says what to do", async () => {
    const { page, url } = session;
    await page.goto(url);
    await startFrom(page, "reference.daily_bars");
    await addNode(page, "Select");
    await addNode(page, "Sort");
    await settings(page).getByRole("button", { name: "Add sort column" }).click();
    await shown(page);
    await selectNode(page, "Select");
    await settings(page).getByRole("button", { name: "Remove symbol" }).click();
    await page.getByRole("button", { name: "Problems in this workflow" }).click();
    await page.getByRole("menuitem", { name: /Sort: There is no column 'symbol'/ }).click();
    await results(page).getByText("Nothing to show until this is fixed").waitFor();
    await page.keyboard.press("Control+z");
    await shown(page);
  });

  it("points at the wrong token of a formula", async () => {
    const { page, url } = session;
    await page.goto(url);
    await startFrom(page, "reference.daily_bars");
    await addNode(page, "Formula");
    await settings(page).getByTestId("formula").click();
    await page.keyboard.type("[close] + nope(1)");
    await settings(page).locator(".cm-lintRange-error").waitFor();
    expect(await settings(page).locator("pre").innerText()).toMatch(/^\[close\] \+ nope\(1\)\n {10}\^$/);
  });

  it("says which filter left no rows", async () => {
    const { page, url } = session;
    await page.goto(url);
    await startFrom(page, "reference.daily_bars");
    await addNode(page, "Filter");
    await settings(page).getByRole("button", { name: "Add condition" }).click();
    await settings(page).getByLabel("Column").selectOption("close");
    await settings(page).getByLabel("Operator").selectOption("<");
    await settings(page).getByLabel("Value").fill("-1");
    await results(page).getByText("Filter leaves no rows").waitFor();
  });

  it("pages through a table view and keeps decimals exact", async () => {
    const { page, url } = session;
    await page.goto(url);
    await startFrom(page, "reference.daily_bars");
    await addNode(page, "Table View");
    await shown(page);
    await results(page).getByRole("button", { name: "Next page" }).click();
    await results(page).getByRole("rowheader", { name: "51", exact: true }).waitFor();
    await results(page).getByText("Page 2").waitFor();
  });

  it("keeps unsaved work on other pages, and asks before another workflow replaces it", async () => {
    const { page, url } = session;
    await page.goto(url);
    await startFrom(page, "reference.daily_bars");
    await saveAs(page, "Kept");
    const address = page.url();
    await addNode(page, "Limit");
    expect(await savedState(page)).toBe("Unsaved changes");
    await page.getByRole("link", { name: "Dashboards" }).click();
    await page.getByRole("link", { name: "Canvas" }).click();
    await page.waitForURL(address);
    expect(await nodes(page).count()).toBe(2);
    await page.getByRole("button", { name: "New", exact: true }).click();
    await page.getByRole("dialog", { name: "Leave without saving?" }).getByRole("button", { name: "Cancel" }).click();
    expect(await nodes(page).count()).toBe(2);
  });

  it("overwrites nothing when somebody else saved in between", async () => {
    const { page, url } = session;
    await page.goto(url);
    await startFrom(page, "reference.daily_bars");
    await saveAs(page, "Contested");
    const other = await session.open();
    await other.goto(page.url());
    await nodes(other).first().waitFor();
    await nodes(other).first().click();
    await addNode(other, "Sort");
    await other.keyboard.press("Control+s");
    await other.getByText("Saved “Contested”").waitFor();

    await nodes(page).first().click();
    await addNode(page, "Limit");
    await page.keyboard.press("Control+s");
    const dialog = page.getByRole("dialog", { name: "Somebody else saved this workflow" });
    await dialog.getByRole("button", { name: "Load their version" }).click();
    await nodes(page).filter({ hasText: "Sort" }).waitFor();
    expect(await nodes(page).filter({ hasText: "Limit" }).count()).toBe(0);
  });
});
