/** What axe-core finds wrong with a page. */

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";

/**
 * Every rule's violations on the whole page, in words. In one go within the page ("legacy mode", which only leaves out
 * frames of other origins), and without the details of all that is in order: a third of the time.
 */
export async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] }).analyze();
  return found.map(({ id, impact, nodes }) => `${impact ?? "?"} ${id}: ${nodes[0]?.html ?? ""}`);
}
