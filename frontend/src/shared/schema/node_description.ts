import type { JsonObject } from "./graph";
import type { JsonSchema } from "./json_schema";

/** An input of a node; `handle` is the edge's `targetHandle` (`null`: the only port). */
export interface Port {
  readonly handle: string | null;
  /** Fewest and most wires. */
  readonly least: number;
  readonly most: number;
}

/** What the palette, the settings form and propagation need to know of a node type. */
export interface NodeDescription {
  /** One sentence for people. */
  readonly doc: string;
  /** Whether nothing follows it: it is shown, pinned or exported. */
  readonly terminal: boolean;
  readonly ports: readonly Port[];
  /** The `data` of a new node: what must be chosen is empty, the rest has its default. */
  readonly initial: JsonObject;
  readonly schema: JsonSchema;
}
