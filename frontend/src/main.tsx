/** One page, two programs: the application, or a single widget in somebody else's page. Each loads only its own. */

import "./app/styles.css";

import { createRoot } from "react-dom/client";

const host = document.getElementById("root");
if (!host) throw new Error("index.html has no #root");
const root = createRoot(host);

if (location.pathname.startsWith("/embed/")) {
  const { startEmbed } = await import("./embed/start");
  startEmbed(root);
} else {
  const { startApp } = await import("./app/start");
  await startApp(root);
}
