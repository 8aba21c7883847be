import { expect, it } from "vitest";

import { formatBytes } from "./number";

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_200, "1.2 kB"],
  [45_600_000, "46 MB"],
  [7_000_000_000_000_000, "7000 TB"],
])("%i bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
