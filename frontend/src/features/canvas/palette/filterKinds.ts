import { KINDS } from "../kinds";
import { DECORATION_KINDS } from "../kinds/decorations";
import type { Kind } from "../kinds/kind";

/** Node types whose name or purpose contains every word of the search. */
export function filterKinds(search: string, allowed: (kind: Kind) => boolean = () => true): readonly Kind[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return [...KINDS, ...DECORATION_KINDS].filter((kind) => {
    const text = `${kind.label} ${kind.text} ${kind.type}`.toLowerCase();
    return allowed(kind) && words.every((word) => text.includes(word));
  });
}
