/** From an empty canvas to a chart on a dashboard, as a user does it. */

import { describe, expect, it } from "vitest";

import { addNode, cells, headers, nodes, results, saveAs, savedState, selectNode, settings, shown, startFrom, wires } from "./canvas";
import { browserMissing, useSession } from "./session";

describe.skipIf(browserMissing)("from source to dashboard", () => {
  const session = useSession();

  it("builds a workflow, sees every step, saves, reloads, pins the chart and finds it", async () => {
    const { page, url } = session;
    await page.goto(url);

    await startFrom(page, "flowforge.raw_trades");
    await shown(page);
    expect(await headers(page)).toContain("price");

    await addNode(page, "Filter");
    await settings(page).getByRole("button", { name: "Add condition" }).click();
    await settings(page).getByLabel("Column").selectOption("symbol");
    await settings(page).getByLabel("Operator").selectOption("IN");
    await settings(page).getByLabel("Values, separated by commas").fill("AAPL, MSFT");
    await shown(page);
    const symbolAt = (await headers(page)).indexOf("symbol");
    expect(new Set((await cells(page)).map((row) => row[symbolAt]))).toEqual(new Set(["AAPL"]));

    await addNode(page, "Formula");
    await settings(page).getByLabel("Output column").fill("turnover");
    await settings(page).getByTestId("formula").click();
    await page.keyboard.type("[price");
    await page.keyboard.press("End");
    await page.keyboard.type(" * [quantity");
    await page.keyboard.press("Escape");
    await shown(page);
    expect(await headers(page)).toContain("turnover");

    await addNode(page, "Group By");
    await settings(page).getByLabel("Add key").selectOption("trade_date");
    await settings(page).getByLabel("Add key").selectOption("symbol");
    await settings(page).getByRole("button", { name: "Add aggregation" }).click();
    await shown(page);
    expect(await headers(page)).toEqual(["trade_date", "symbol", "sum_turnover"]);

    await addNode(page, "Sort");
    await settings(page).getByRole("button", { name: "Add sort column" }).click();
    await shown(page);
    const days = (await cells(page)).map(([day]) => day ?? "");
    expect(days).toEqual([...days].sort());

    await addNode(page, "Line Chart");
    await shown(page);
    await results(page).getByRole("img", { name: /Line Chart of sum_turnover by trade_date/ }).waitFor();
    expect(await wires(page).count()).toBe(5);

    await results(page).getByRole("tab", { name: "SQL" }).click();
    await results(page).getByTestId("sql").waitFor();
    const sql = await results(page).getByTestId("sql").allInnerTexts();
    expect(sql).toHaveLength(1);
    expect(sql[0]?.match(/\bSELECT\b/g)).toHaveLength(1);

    await saveAs(page, "Turnover by day");
    expect(await savedState(page)).toBe("Saved");
    await page.reload();
    await nodes(page).nth(5).waitFor();
    expect(await page.getByLabel("Workflow name").inputValue()).toBe("Turnover by day");
    expect(await wires(page).count()).toBe(5);

    await selectNode(page, "Line Chart");
    await page.getByRole("button", { name: "Pin to dashboard" }).click();
    const dialog = page.getByRole("dialog", { name: "Pin to dashboard" });
    await dialog.getByLabel("Dashboard", { exact: true }).selectOption({ label: "New dashboard…" });
    await dialog.getByLabel("Name of the new dashboard").fill("Morning");
    await dialog.getByRole("button", { name: "Pin", exact: true }).click();
    await page.getByRole("button", { name: "Open dashboard" }).click();
    await page.getByRole("heading", { name: "Morning" }).waitFor();
    const widget = page.getByRole("region", { name: "Turnover by day", exact: true });
    await widget.getByRole("img", { name: /Line Chart of sum_turnover/ }).waitFor();
    expect(await page.getByTestId("as-of").innerText()).toMatch(/^as of \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);

    await widget.getByRole("button", { name: "Show as table" }).click();
    await widget.getByRole("cell", { name: "AAPL" }).first().waitFor();
    expect(session.errors).toEqual([]);
  });
});
