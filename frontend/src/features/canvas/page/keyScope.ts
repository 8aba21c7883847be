/** Where the focus is, as far as keys are concerned. */

/** `own`: grids, editors and charts keep their keys; `canvas`: the drawing area, or nothing at all. */
export type KeyScope = "canvas" | "own" | "other";

export function keyScope(target: EventTarget | null): KeyScope {
  if (!(target instanceof Element)) return "other";
  if (target === document.body) return "canvas";
  if (target.closest("dialog")) return "own";
  const scope = target.closest<HTMLElement>("[data-keys]")?.dataset["keys"];
  return scope === "canvas" || scope === "own" ? scope : "other";
}

/** Whether keys write text there. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}
