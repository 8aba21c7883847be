/** The tables that the tenant may read, as `GET /api/v1/schema` lists them. */

import { parseSchema, type Schema, type WireColumn } from "./types";

/** Columns by `database.table`. */
export type Catalogue = ReadonlyMap<string, Schema>;

/** A table of the server's answer; its other members do not matter to propagation. */
export interface WireTable {
  readonly database: string;
  readonly table: string;
  readonly columns: readonly WireColumn[];
}

export function readCatalogue(tables: readonly WireTable[]): Catalogue {
  return new Map(
    tables.map(({ database, table, columns }) => [`${database}.${table}`, parseSchema(columns)]),
  );
}
