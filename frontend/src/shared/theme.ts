/** Light, dark or as the system says; remembered, and written to the document as `data-theme`. */

import { create } from "zustand";

import { useMediaQuery } from "./hooks/useMediaQuery";

export type Theme = "light" | "dark" | "system";

const KEY = "flowforge.theme";
const DARK = "(prefers-color-scheme: dark)";

function remembered(): Theme {
  const stored = localStorage.getItem(KEY);
  return stored === "light" || stored === "dark" ? stored : "system";
}

export const useTheme = create<{ readonly theme: Theme }>(() => ({ theme: "system" }));

function apply(): void {
  const { theme } = useTheme.getState();
  const dark = theme === "dark" || (theme === "system" && matchMedia(DARK).matches);
  document.documentElement.dataset["theme"] = dark ? "dark" : "light";
}

/** Choose and remember a theme. */
export function setTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  useTheme.setState({ theme });
  apply();
}

/** Show a theme without remembering it: another page's frame may have no storage, and has no say in ours. */
export function showTheme(theme: Theme): void {
  useTheme.setState({ theme });
  apply();
  matchMedia(DARK).addEventListener("change", apply);
}

/** Apply the remembered theme, and follow the system from now on. */
export function startTheme(): void {
  useTheme.setState({ theme: remembered() });
  apply();
  matchMedia(DARK).addEventListener("change", apply);
}

/** The theme that is showing. */
export function useResolvedTheme(): "light" | "dark" {
  const theme = useTheme((state) => state.theme);
  const systemDark = useMediaQuery(DARK);
  if (theme === "system") return systemDark ? "dark" : "light";
  return theme;
}
