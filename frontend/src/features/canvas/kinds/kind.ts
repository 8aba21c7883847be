/** What the canvas needs to know of a node type, beside its schema rule in `shared/schema`. */

import type { LucideIcon } from "lucide-react";

import type { Schema } from "@/shared/schema/types";

import type { Config } from "../document/doc";
import type { Ports } from "../document/ports";

export type Group = "source" | "shape" | "combine" | "compute" | "output" | "annotate";

/** How a node type looks, and how its configuration begins. */
export interface Look {
  readonly label: string;
  readonly text: string;
  readonly group: Group;
  readonly icon: LucideIcon;
  /**
   * A sensible start, given the columns that arrive at the first port, and those of every port or
   * wire (null while they are unknown).
   */
  readonly defaults: (input: Schema | null, inputs: readonly (Schema | null)[]) => Config;
  /** Whether somebody has said enough for the node to mean something. */
  readonly configured: (data: Config) => boolean;
  /** One line for the node's face. */
  readonly summary: (data: Config) => string;
}

export interface Kind extends Look, Ports {
  readonly type: string;
}

/** Text colours by purpose; the words beside them say the same. */
export const GROUP_COLOURS: Readonly<Record<Group, string>> = {
  source: "text-source",
  shape: "text-shape",
  combine: "text-combine",
  compute: "text-compute",
  output: "text-output",
  annotate: "text-muted",
};
