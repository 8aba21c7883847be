/** The system's Chromium, driven by playwright-core, which downloads none of its own. */

import { existsSync } from "node:fs";

import { type Browser, chromium } from "playwright-core";

const CANDIDATES = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

export const CHROMIUM = CANDIDATES.find((path) => path !== undefined && existsSync(path));

export const NO_CHROMIUM = "no Chromium found: install it, or set CHROMIUM to its path";

/** Start the browser without anything that calls home. */
export function launch(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error(NO_CHROMIUM);
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--headless",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
