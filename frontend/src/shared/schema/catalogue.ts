/** The tables that the tenant may read, as `GET /api/v1/schema` lists them. */

import { findColumn, parseSchema, type Schema, type WireColumn } from "./types";

/** The columns that a source's `adjust` changes: prices per unit, counts of units, and their products. */
export interface Adjustable {
  readonly prices: readonly string[];
  readonly quantities: readonly string[];
  readonly amounts: readonly string[];
}

/** What propagation needs to know of a table. `ordered`: it has a trade order of its own. */
export interface CatalogueTable {
  readonly columns: Schema;
  readonly ordered: boolean;
  readonly adjustable: Adjustable | null;
}

/** Tables by `database.table`. */
export type Catalogue = ReadonlyMap<string, CatalogueTable>;

/** A table of the server's answer; its other members do not matter to propagation. */
export interface WireTable {
  readonly database: string;
  readonly table: string;
  readonly columns: readonly WireColumn[];
  readonly trade_order?: readonly string[];
  readonly adjustable?: Adjustable | null;
}

export function readCatalogue(tables: readonly WireTable[]): Catalogue {
  return new Map(
    tables.map(({ database, table, columns, trade_order = [], adjustable = null }) => {
      const schema = parseSchema(columns);
      const ordered = trade_order.some((name) => findColumn(schema, name) !== undefined);
      return [`${database}.${table}`, { columns: schema, ordered, adjustable }];
    }),
  );
}
