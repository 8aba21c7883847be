/** A fresh browser window on the stack, per test. */

import { afterAll, afterEach, beforeAll, beforeEach, inject } from "vitest";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

import { CHROMIUM, launch } from "./browser";

export const browserMissing = CHROMIUM === undefined;

export interface Session {
  readonly url: string;
  /** The window of the running test. */
  page: Page;
  /** What the page reported as errors. */
  errors: string[];
  readonly open: (options?: BrowserContextOptions) => Promise<Page>;
}

const WINDOW: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, colorScheme: "light" };

/** Declare the hooks of a file's tests, and give what they work with. */
export function useSession(): Session {
  let browser: Browser | undefined;
  const contexts: BrowserContext[] = [];
  const session: Session = {
    url: inject("url"),
    page: undefined as unknown as Page,
    errors: [],
    open: async (options = {}) => {
      if (!browser) throw new Error("the browser is not running");
      const context = await browser.newContext({ ...WINDOW, ...options });
      contexts.push(context);
      const page = await context.newPage();
      page.on("pageerror", (error) => session.errors.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") session.errors.push(message.text());
      });
      return page;
    },
  };
  beforeAll(async () => {
    browser = await launch();
  });
  beforeEach(async () => {
    session.errors = [];
    session.page = await session.open();
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });
  afterAll(() => browser?.close());
  return session;
}
