/** The formula functions that the editor offers and explains, from the generated table. */

import table from "@/shared/schema/generated/functions.json";

export interface FunctionInfo {
  readonly name: string;
  readonly signature: string;
  readonly doc: string;
}

export const FUNCTIONS: readonly FunctionInfo[] = [
  ...table.functions,
  ...table.operators.filter(({ name }) => name === "CASE"),
];
