import type { Palette } from "../palette";

/** Colours that a test can tell apart. */
export const PALETTE: Palette = {
  fg: "#000",
  muted: "#555",
  line: "#ddd",
  surface: "#fff",
  sunken: "#eee",
  up: "#0a0",
  down: "#a00",
  heat: { negative: "#f80", low: "#eef", high: "#00f" },
  series: ["#00f", "#f00"],
};
