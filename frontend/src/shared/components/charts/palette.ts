/** The theme's colours as ECharts needs them: resolved from the CSS variables of the document. */

export interface Palette {
  readonly fg: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  readonly sunken: string;
  /** Bars that close above, and below, where they opened. */
  readonly up: string;
  readonly down: string;
  /** From little to much; `negative` where values lie on both sides of zero. */
  readonly heat: { readonly negative: string; readonly low: string; readonly high: string };
  readonly series: readonly string[];
}

const SERIES = 12;

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    fg: read("--fg"),
    muted: read("--muted"),
    line: read("--line"),
    surface: read("--surface"),
    sunken: read("--sunken"),
    up: read("--candle-up"),
    down: read("--candle-down"),
    heat: { negative: read("--heat-negative"), low: read("--heat-low"), high: read("--heat-high") },
    series: Array.from({ length: SERIES }, (_, index) => read(`--series-${index + 1}`)),
  };
}
