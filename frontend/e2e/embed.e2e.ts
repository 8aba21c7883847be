/** A widget in somebody else's page: with the page's own server, as the dialog's code does it. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, describe, expect, it } from "vitest";

import { pageSnippet } from "../src/features/dashboards/embedding/snippets";
import { api, volumeDashboard } from "./dashboard";
import { browserMissing, useSession } from "./session";

const PATIENCE_MS = 20_000;
const servers: Server[] = [];

/** A host of its own origin: its page, and its server's exchange of the key for a token. */
async function startHost(url: string, host: { key: string; page: string; widgetId: string }): Promise<string> {
  const server = createServer((request, response) => {
    const answer = async () => {
      if (request.url !== "/flowforge-token") {
        response.setHeader("content-type", "text/html").end(`<!doctype html><title>Portal</title>${host.page}`);
        return;
      }
      const token = await fetch(`${url}/api/v1/embed/token`, {
        method: "POST",
        headers: { "X-API-Key": host.key, "content-type": "application/json" },
        body: JSON.stringify({ widget_id: host.widgetId }),
      });
      response.statusCode = token.status;
      response.setHeader("content-type", "application/json").end(await token.text());
    };
    void answer();
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterAll(() => Promise.all(servers.map((server) => new Promise((closed) => server.close(closed)))));

describe.skipIf(browserMissing)("an embedded widget", () => {
  const session = useSession();

  it("shows its locked rows in the key's pages, in no others, and ends with its key", async () => {
    const { page, url } = session;
    const { widgetId } = await volumeDashboard(url, "For the portal");
    const host = { key: "", page: "", widgetId };
    const origin = await startHost(url, host);
    const foreign = await startHost(url, host);
    const key = await api<{ id: string; key: string }>(url, "POST", "/api/v1/keys", {
      name: "Portal",
      widget_ids: [widgetId],
      allowed_origins: [origin],
      locked_filters: [{ column: "symbol", operator: "IN", value: ["AAPL", "MSFT"] }],
    });
    host.key = key.key;
    host.page = pageSnippet({ origin: url, widgetId, keyId: key.id, title: "Volume" });

    await page.goto(origin);
    const frame = page.frameLocator("iframe");
    await frame.getByRole("cell", { name: "AAPL" }).waitFor();
    expect(await frame.getByRole("rowheader").count()).toBe(2);
    expect(await frame.getByRole("navigation").count()).toBe(0);
    const height = await page.locator("iframe").evaluate((element: HTMLElement) => element.style.height);
    expect(height).not.toBe("380px");

    // The browser itself refuses: to a page of another origin, and to every page once the key is revoked.
    expect(session.errors).toEqual([]);
    const other = await session.open();
    await other.goto(foreign);
    await expect.poll(() => session.errors.join("\n"), { timeout: PATIENCE_MS }).toContain(`frame-ancestors ${origin}`);
    expect(await other.frameLocator("iframe").getByRole("cell").count()).toBe(0);

    await api(url, "DELETE", `/api/v1/keys/${key.id}`);
    const refused = async () => {
      await page.reload();
      return session.errors.join("\n");
    };
    await expect.poll(refused, { timeout: PATIENCE_MS, interval: 500 }).toContain("frame-ancestors 'none'");
    expect(await frame.getByRole("cell").count()).toBe(0);
  });
});
