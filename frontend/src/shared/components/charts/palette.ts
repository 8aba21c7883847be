/** The theme's colours as ECharts needs them: resolved from the CSS variables of the document. */

export interface Palette {
  readonly fg: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
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
    series: Array.from({ length: SERIES }, (_, index) => read(`--series-${index + 1}`)),
  };
}
