import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  test: {
    // Node by default; a file that needs a DOM says so with `@vitest-environment happy-dom`.
    environment: "node",
    include: ["src/**/*.test.{ts,tsx}"],
    coverage: { include: ["src/**/*.{ts,tsx}"], exclude: ["src/**/generated/**", "src/main.tsx"] },
  },
});
