import type { Doc } from "../document/doc";
import { nodeName } from "../kinds";

/** The server's words, with the names that nodes have on the canvas in place of their ids. */
export function inNames(doc: Doc, detail: string): string {
  // Longer ids first, and only whole ones: `filter_1` is no part of `filter_12`.
  const ids = doc.nodes.map(({ id }) => id).sort((a, b) => b.length - a.length);
  if (ids.length === 0) return detail;
  const names = new Map(doc.nodes.map((node) => [node.id, nodeName(doc, node)]));
  const any = new RegExp(`(?<![\\w.])(?:${ids.map(escape).join("|")})(?![\\w])`, "g");
  const named = detail.replace(any, (id) => names.get(id) ?? id);
  return named.charAt(0).toUpperCase() + named.slice(1);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
