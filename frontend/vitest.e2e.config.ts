import { defineConfig } from "vitest/config";

/** Browser tests against a real stack; one after the other, because they share it. */
export default defineConfig({
  test: {
    include: ["e2e/**/*.e2e.ts"],
    globalSetup: "e2e/setup.ts",
    fileParallelism: false,
    testTimeout: 120_000,
    // A drag that the machine stalls in the middle of is dropped elsewhere: it may try once more.
    retry: 1,
    hookTimeout: 180_000,
  },
});
