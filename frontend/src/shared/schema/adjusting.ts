/**
 * The columns of a source whose prices are adjusted for splits, or for splits and dividends. What their
 * values are is told in `shared/flowforge/nodes/adjusted.py`. Twin of `shared/flowforge/nodes/adjusting.py`.
 */

import type { Adjustable, Catalogue, CatalogueTable } from "./catalogue";
import { GraphError } from "./errors";
import { divide, multiply } from "./formula/rules";
import type { DataSourceConfig } from "./generated/nodes";
import { type Column, decimal, type Schema } from "./types";

type Adjust = NonNullable<DataSourceConfig["adjust"]>;

/** The table of the factors; whoever may not read it cannot adjust. */
export const ADJUSTMENT_FACTORS = "reference.adjustment_factors";

const FACTOR = decimal(38, 12);

/** The table's columns with the types that adjusting gives them. */
export function adjustedColumns(name: string, table: CatalogueTable, catalogue: Catalogue, adjust: Adjust): Schema {
  if (adjust === "none") return table.columns;
  const { adjustable } = table;
  if (adjustable === null) {
    throw refused(`${name} has no prices that could be adjusted.`, "read a table of trades, quotes or bars.");
  }
  if (!catalogue.has(ADJUSTMENT_FACTORS)) {
    throw refused(`Adjusting needs the table ${ADJUSTMENT_FACTORS}, which is not here.`, "ask for access to that table.");
  }
  return table.columns.map((column) => adjusted(column, adjustable, adjust));
}

function refused(message: string, otherwise: string): GraphError {
  return new GraphError("invalid_config", message, { field: "adjust", hint: `Set 'adjust' to 'none', or ${otherwise}` });
}

function adjusted(column: Column, { prices, quantities, amounts }: Adjustable, adjust: Adjust): Column {
  if (prices.includes(column.name)) return { ...column, type: multiply(column.type, FACTOR) };
  const divided = quantities.includes(column.name) || (amounts.includes(column.name) && adjust === "total_return");
  return divided ? { ...column, type: divide(column.type, FACTOR), nullable: true } : column;
}
