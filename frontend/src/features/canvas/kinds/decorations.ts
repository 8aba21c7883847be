import { Frame, type LucideIcon, StickyNote } from "lucide-react";

import { S } from "@/shared/strings";

import { text } from "./configs";
import type { Kind } from "./kind";

/** A kind of node that is only looked at. */
function decoration(type: "note" | "group", icon: LucideIcon): Kind {
  return {
    ...S.kinds[type],
    type,
    group: "annotate",
    icon,
    inputs: [],
    hasOutput: false,
    defaults: () => ({}),
    configured: () => true,
    summary: (data) => text(data["text"]),
  };
}

/** What can be put on the canvas without being a step of the workflow. */
export const DECORATION_KINDS: readonly Kind[] = [decoration("note", StickyNote), decoration("group", Frame)];
