/** How the whole workflow is brought into view: never larger than life, never too small to read. */
export const FIT = { maxZoom: 1, minZoom: 0.5, padding: 0.06 } as const;
