/** One stack for all files of the run; none at all where there is no browser to use it. */

import type { TestProject } from "vitest/node";

import { CHROMIUM, NO_CHROMIUM } from "./browser";
import { startStack } from "./stack";

declare module "vitest" {
  export interface ProvidedContext {
    url: string;
    home: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (CHROMIUM === undefined) {
    console.warn(`Browser tests are skipped: ${NO_CHROMIUM}.`);
    project.provide("url", "");
    project.provide("home", "");
    return () => Promise.resolve();
  }
  const stack = await startStack();
  project.provide("url", stack.url);
  project.provide("home", stack.home);
  return stack.stop;
}
