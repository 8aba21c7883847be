import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The gateway that answers /api and /config.json while the app is served by `npm run dev`. */
const gateway = process.env["FLOWFORGE_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": gateway, "/config.json": gateway, "/ws": { target: gateway, ws: true } },
  },
  build: { target: "es2023", chunkSizeWarningLimit: 900 },
});
