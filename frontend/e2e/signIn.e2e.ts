/** Signing in at a real OpenID provider: code and PKCE, roles, tokens that end, and the way out. */

import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Page } from "playwright-core";

import { nodes, saveAs, shown, startFrom } from "./canvas";
import { CLIENT, type OpenId, startProvider } from "./provider";
import { browserMissing, useSession } from "./session";
import { freePort, startSecondMesh } from "./stack";

const PATIENCE_MS = 20_000;
const TENANT = "firm-alpha";

/** The provider's own pages: who one is, and whether the application may know. */
async function consent(page: Page, login: string): Promise<void> {
  await page.getByPlaceholder("Enter any login").fill(login);
  await page.getByPlaceholder("and password").fill("x");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

async function newWorkflow(page: Page): Promise<void> {
  await startFrom(page, "flowforge.raw_trades");
  await shown(page);
}

describe.skipIf(browserMissing || inject("home") === "")("signing in", () => {
  const session = useSession();
  let openId: OpenId;
  let url = "";
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const port = await freePort();
    url = `http://localhost:${port}`;
    openId = await startProvider(TENANT, url);
    stops.push(openId.stop);
    const registered = { tenant: TENANT, audience: CLIENT, jwks_url: `${openId.issuer}/jwks` };
    stops.push(await startSecondMesh(inject("home"), port, { [openId.issuer]: registered }));
  });
  afterAll(() => Promise.all(stops.map((stop) => stop())));

  it("makes one the provider's tenant, and ends where it began", async () => {
    const { page } = session;
    const asked: URL[] = [];
    page.on("request", (request) => {
      if (request.url().startsWith(`${openId.issuer}/auth?`)) asked.push(new URL(request.url()));
    });
    await page.goto(`${url}/dashboards`);
    await consent(page, "analyst");
    await page.getByRole("heading", { name: "Dashboards" }).waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe("/dashboards");
    expect(asked[0]?.searchParams.get("response_type")).toBe("code");
    expect(asked[0]?.searchParams.get("code_challenge_method")).toBe("S256");
    await page.getByRole("button", { name: /firm-alpha/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("button", { name: /Yes, sign me out/ }).click();
    await page.getByPlaceholder("Enter any login").waitFor(); // back at the application, which asks again
  });

  it("lets a viewer look and not save", async () => {
    const { page } = session;
    await page.goto(url);
    await consent(page, "viewer");
    await newWorkflow(page);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Save workflow" });
    await dialog.getByRole("textbox").fill("Not mine to save");
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText(/needs the role 'analyst'/).waitFor({ timeout: PATIENCE_MS });
  });

  it("goes on with the same graph after the token has ended", async () => {
    const { page } = session;
    openId.lifetime = 600;
    openId.renews = false;
    await page.clock.install();
    await page.goto(url);
    await consent(page, "analyst");
    await newWorkflow(page);
    await page.clock.fastForward("11:00");
    // The provider still knows its user: the window beside asks nothing and closes by itself.
    await page.getByRole("button", { name: "Sign in again" }).click();
    await page.getByRole("button", { name: /firm-alpha/ }).waitFor({ timeout: PATIENCE_MS });
    expect(await nodes(page).count()).toBe(1);
    await saveAs(page, "Kept over the end of a token");
  });

  it("renews a token without anybody's help", async () => {
    const { page } = session;
    openId.lifetime = 8;
    openId.renews = true;
    await page.goto(url);
    await consent(page, "analyst");
    const renewed = page.waitForResponse(
      (answer) => answer.url() === `${openId.issuer}/token` && (answer.request().postData() ?? "").includes("refresh_token"),
    );
    expect((await renewed).status()).toBe(200);
    expect(await page.getByRole("button", { name: "Sign in again" }).count()).toBe(0);
  });
});
