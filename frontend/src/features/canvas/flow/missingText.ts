import { S } from "@/shared/strings";

import type { Port } from "../document/ports";

/** Which inputs are missing, by name if they have names. */
export function missingText(ports: readonly Port[]): string {
  const named = ports.flatMap(({ handle }) => handle ?? []);
  if (named.length > 0) return S.node.missingInputs(named);
  const least = Math.max(...ports.map((port) => port.least));
  return least > 1 ? S.node.missingSeveral(least) : S.node.missingInput;
}
