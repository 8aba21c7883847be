import type { Problem } from "@/shared/schema/errors";
import type { Schema } from "@/shared/schema/types";

import type { DocNode } from "../document/doc";

/** What every settings form receives. */
export interface FormProps {
  readonly node: DocNode;
  /** The columns that arrive at the first port; null while they are unknown. */
  readonly input: Schema | null;
  /** Those of every port, or of every wire where one port takes several. */
  readonly inputs: readonly (Schema | null)[];
  /** The columns that leave; null while the node is broken. */
  readonly output: Schema | null;
  readonly problems: readonly Problem[];
  /** Set members of the configuration; `undefined` takes one out. */
  readonly onChange: (change: Readonly<Record<string, unknown>>) => void;
}
