/** What the options of all charts have in common. */

import type { Palette } from "./palette";

/** Text on the canvas, and the picture's description for those who do not see it. */
export function described(palette: Palette, description: string) {
  return {
    textStyle: { fontFamily: "Inter Variable, system-ui, sans-serif", color: palette.fg },
    aria: { enabled: true, label: { description } },
  };
}

/** The look of what a point says of itself. */
export function tooltipBox(palette: Palette) {
  return {
    // Names and values come from data: text on the canvas, never HTML in the page.
    renderMode: "richText",
    confine: true,
    backgroundColor: palette.surface,
    borderColor: palette.line,
    textStyle: { color: palette.fg, fontSize: 12 },
  };
}
