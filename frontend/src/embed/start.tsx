/** The page `/embed/{widget_id}?k=…&theme=…&filters=…`: starts without the application, its session or its storage. */

import { StrictMode } from "react";
import type { Root } from "react-dom/client";

import { S } from "@/shared/strings";
import { showTheme } from "@/shared/theme";
import { EmbedPage } from "./EmbedPage";
import { isFilters, isTheme } from "./hostLink";

function filtersOf(text: string | null) {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return isFilters(value) ? value : [];
  } catch {
    return [];
  }
}

export function startEmbed(root: Root): void {
  const widgetId = decodeURIComponent(location.pathname.split("/")[2] ?? "");
  const query = new URLSearchParams(location.search);
  const theme = query.get("theme");
  showTheme(isTheme(theme) ? theme : "system");
  const framed = window.parent !== window;
  root.render(
    <StrictMode>
      {framed ? (
        <EmbedPage widgetId={widgetId} initialFilters={filtersOf(query.get("filters"))} />
      ) : (
        <p className="p-6 text-center text-muted">{S.embed.notFramed}</p>
      )}
    </StrictMode>,
  );
}
