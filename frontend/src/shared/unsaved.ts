/** Parts of the application that can hold unsaved work say so here; whoever would lose it asks first. */

const parts = new Set<() => boolean>();

/** Register a part. Returns how to take it back. */
export function watchUnsaved(unsaved: () => boolean): () => void {
  parts.add(unsaved);
  return () => parts.delete(unsaved);
}

export function anythingUnsaved(): boolean {
  return [...parts].some((unsaved) => unsaved());
}

/** Let the browser ask before the window closes or reloads. */
export function startUnloadGuard(): void {
  addEventListener("beforeunload", (event) => {
    if (anythingUnsaved()) event.preventDefault();
  });
}
