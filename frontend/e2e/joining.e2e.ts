/** Nodes with several inputs, windows, and the SQL they become: by mouse and by keyboard. */

import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";

import { addNode, cells, chooseTable, headers, nodes, results, selectNode, settings, shown, startFrom, wires } from "./canvas";
import { browserMissing, useSession } from "./session";

const port = (page: Page, node: string, handle: string): Locator =>
  page.locator(`.react-flow__handle[data-nodeid="${node}"][data-handleid="${handle}"]`);
const output = (page: Page, node: string): Locator =>
  page.locator(`.react-flow__handle.source[data-nodeid="${node}"]`);

/** Hovering waits until the canvas has stopped moving. */
async function dragWire(page: Page, from: Locator, to: Locator): Promise<void> {
  await to.hover({ trial: true });
  await from.hover();
  await page.mouse.down();
  const end = await to.boundingBox();
  if (!end) throw new Error("not on the page");
  await page.mouse.move(end.x - 40, end.y + 20, { steps: 6 });
  await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 6 });
  await page.mouse.up();
}

/** Two tables side by side, neither of them connected nor selected. */
async function twoTables(page: Page): Promise<void> {
  await startFrom(page, "flowforge.raw_trades");
  await clearSelection(page);
  await addNode(page, "Data Source");
  await chooseTable(page, "flowforge.raw_quotes");
  await clearSelection(page);
}

async function clearSelection(page: Page): Promise<void> {
  await page.locator(".react-flow__pane").click({ position: { x: 30, y: 20 } });
  await settings(page).getByText("Select a node").waitFor();
}

describe.skipIf(browserMissing)("nodes with several inputs", () => {
  const session = useSession();

  it("joins trades with quotes by mouse, shows the rows and the SQL, node by node", async () => {
    const { page, url } = session;
    await page.goto(url);
    await twoTables(page);
    await addNode(page, "As-of Join");
    await settings(page).getByText("Needs its left and right input").waitFor();
    await dragWire(page, output(page, "data_source_1"), port(page, "asof_join_1", "left"));
    await settings(page).getByText("Needs its right input").waitFor();
    await dragWire(page, output(page, "data_source_2"), port(page, "asof_join_1", "right"));
    expect(await settings(page).getByLabel("Left key 1").inputValue()).toBe("symbol");
    expect(await settings(page).getByLabel("Right time").inputValue()).toBe("event_time");
    await shown(page);
    expect(await headers(page)).toEqual(expect.arrayContaining(["price", "symbol_right", "bid"]));

    await results(page).getByRole("tab", { name: "SQL" }).click();
    const sql = results(page).getByTestId("sql");
    await sql.waitFor();
    expect(await sql.count()).toBe(1);
    expect(await sql.innerText()).toMatch(/ASOF LEFT JOIN/);
    await results(page).getByTestId("estimate").waitFor();

    // A part of the statement leads to its node, on the list and on the canvas.
    await sql.locator("[data-node=data_source_2]").first().click();
    const step = results(page).getByRole("button", { name: /^Data Source 2/ });
    expect(await step.getAttribute("aria-pressed")).toBe("true");
    expect(await sql.locator("[data-marked]").allInnerTexts()).not.toEqual([]);
    expect(await nodes(page).nth(1).locator(".outline-dashed").count()).toBe(1);
    await results(page).getByText("Where each column comes from").click();
    await results(page).getByText("flowforge.raw_quotes.bid_size").waitFor();
    expect(session.errors).toEqual([]);
  });

  it("says what a wire replaces, why one cannot be, and undoes each in one step", async () => {
    const { page, url } = session;
    await page.goto(url);
    await twoTables(page);
    await addNode(page, "Join");
    for (const [count, handle] of ["left", "right"].entries()) {
      await dragWire(page, output(page, "data_source_1"), port(page, "join_1", handle));
      await wires(page).nth(count).waitFor({ state: "attached" });
    }
    await dragWire(page, output(page, "data_source_2"), port(page, "join_1", "right"));
    await page.getByText(/the one from Data Source 1 gave way/).waitFor();
    expect(await wires(page).count()).toBe(2);
    expect(await settings(page).getByLabel("Right input").inputValue()).toBe("data_source_2");
    await page.keyboard.press("Control+z");
    await expectValue(settings(page).getByLabel("Right input"), "data_source_1");
    await page.keyboard.press("Control+Shift+z");

    const face = nodes(page).nth(2).getByText("Join", { exact: true });
    await dragWire(page, output(page, "data_source_1"), face);
    await page.getByText("Every input of this node has a wire.").waitFor();
    await dragWire(page, output(page, "join_1"), nodes(page).nth(0));
    await page.getByText("A data source has no input.").waitFor();
    expect(await wires(page).count()).toBe(2);
  });

  it("joins by keyboard alone, and points a misspelt key out where it stands", async () => {
    const { page, url } = session;
    await page.goto(url);
    await page.getByRole("searchbox", { name: "Search nodes" }).waitFor();
    const add = async (name: string) => {
      await page.keyboard.press("Control+k");
      await page.keyboard.type(name);
      await page.keyboard.press("Enter");
    };
    await add("data source");
    await page.getByRole("button", { name: "daily_bars" }).focus();
    await page.keyboard.press("Enter");
    await add("select");
    await add("join");
    await settings(page).getByRole("heading", { name: "Join" }).waitFor();
    await expectValue(settings(page).getByLabel("Left input"), "select_1");
    await settings(page).getByLabel("Right input").focus();
    await page.keyboard.type("Data Source");
    await shown(page);
    expect(await wires(page).count()).toBe(3);
    expect(await headers(page)).toContain("close_right");

    await selectNode(page, "Select");
    await settings(page).getByRole("button", { name: "Remove symbol" }).click();
    await selectNode(page, "Join");
    const broken = settings(page).getByTestId("key-pair").first();
    await broken.getByRole("alert").getByText(/There is no column 'symbol' here/).waitFor();
    expect(await broken.getByLabel("Left key 1").getAttribute("aria-invalid")).toBe("true");
  });

  it("unites two filters in the order of their wires", async () => {
    const { page, url } = session;
    await page.goto(url);
    await startFrom(page, "reference.daily_bars");
    for (const symbol of ["AAPL", "MSFT"]) {
      await nodes(page).first().click();
      await addNode(page, "Filter");
      await settings(page).getByRole("button", { name: "Add condition" }).click();
      await settings(page).getByLabel("Column").selectOption("symbol");
      await settings(page).getByLabel("Value").fill(symbol);
      await shown(page);
    }
    await nodes(page).nth(1).click();
    await nodes(page).nth(2).click({ modifiers: ["Control"] });
    await addNode(page, "Union");
    await shown(page);
    expect(await wires(page).count()).toBe(4);
    await expectValue(settings(page).getByLabel("Input 1", { exact: true }), "filter_1");
    await settings(page).getByRole("button", { name: "Move Input 1 down" }).click();
    await expectValue(settings(page).getByLabel("Input 1", { exact: true }), "filter_2");
    await addNode(page, "Group By");
    await settings(page).getByLabel("Add key").selectOption("symbol");
    await addNode(page, "Sort");
    await settings(page).getByRole("button", { name: "Add sort column" }).click();
    await shown(page);
    expect((await cells(page)).map(([symbol]) => symbol)).toEqual(["AAPL", "MSFT"]);
  });

  it("computes a window behind a sort, and names the nearest columns of a misspelt one", async () => {
    const { page, url } = session;
    await page.goto(url);
    await startFrom(page, "reference.daily_bars");
    await addNode(page, "Sort");
    await settings(page).getByRole("button", { name: "Add sort column" }).click();
    await settings(page).getByLabel("Column").selectOption("day");
    await shown(page);
    await addNode(page, "Window");
    await settings(page).getByLabel("Function").selectOption({ label: "value of an earlier row" });
    await settings(page).getByLabel("Column", { exact: true }).first().selectOption("close");
    // The order comes from the sort.
    await settings(page).getByRole("group", { name: "In the order of" }).getByRole("button", { name: /^Remove/ }).click();
    await shown(page);
    expect(await headers(page)).toContain("lag_close");

    await addNode(page, "Formula");
    await settings(page).getByTestId("formula").click();
    await page.keyboard.type("[lag_clos] + 1");
    await settings(page).getByText(/Did you mean lag_close/).first().waitFor();
  });
});

describe.skipIf(browserMissing)("names, notes and frames", () => {
  const session = useSession();

  it("names a node with F2, keeps the name in the file, and takes it back by undo", async () => {
    const { page, url } = session;
    await page.goto(url);
    await startFrom(page, "reference.daily_bars");
    await addNode(page, "Limit");
    await nodes(page).nth(1).click();
    await page.keyboard.press("F2");
    await page.getByLabel("Name of Limit").fill("Newest days");
    await page.keyboard.press("Enter");
    await settings(page).getByRole("heading", { name: "Newest days" }).waitFor();
    await page.keyboard.press("Control+z");
    await settings(page).getByRole("heading", { name: "Limit" }).waitFor();
  });

  it("frames steps that move together, and keeps notes out of the query", async () => {
    const { page, url } = session;
    await page.goto(url);
    await startFrom(page, "reference.daily_bars");
    await addNode(page, "Limit");
    await selectNode(page, "Limit");
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Control+g");
    const group = page.locator(".react-flow__node-group");
    await group.waitFor();
    const before = await nodes(page).filter({ hasText: "Limit" }).boundingBox();
    const frame = await group.boundingBox();
    if (!frame || !before) throw new Error("not on the page");
    await page.mouse.move(frame.x + 120, frame.y + 14);
    await page.mouse.down();
    await page.mouse.move(frame.x + 160, frame.y + 54, { steps: 5 });
    await page.mouse.up();
    const after = await nodes(page).filter({ hasText: "Limit" }).boundingBox();
    const moved = ((await group.boundingBox())?.y ?? 0) - frame.y;
    expect(moved).toBeGreaterThan(20);
    expect((after?.y ?? 0) - before.y).toBeCloseTo(moved, 0);
    await page.keyboard.press("Control+z");
    expect((await nodes(page).filter({ hasText: "Limit" }).boundingBox())?.y).toBeCloseTo(before.y, 0);

    await page.getByRole("button", { name: "Add Note" }).click();
    await settings(page).getByLabel("Text of the note").fill("Only the newest bars.");
    await page.locator(".react-flow__node-note").getByText("Only the newest bars.").waitFor();
    await selectNode(page, "Limit");
    await shown(page);
    expect(session.errors).toEqual([]);
  });
});

async function expectValue(field: Locator, value: string): Promise<void> {
  await expect.poll(() => field.inputValue()).toBe(value);
}
