/** What one node makes of its inputs. */

import type { Catalogue } from "./catalogue";
import { atNode, GraphError, type Problem } from "./errors";
import { nearest } from "./formula/nearest";
import { type DataSourceConfig, NODE_KINDS } from "./generated/nodes";
import { inferSchema, isNodeKind, readConfig } from "./nodes";
import { type Parameters, resolve } from "./parameters";
import { placeWires } from "./ports";
import type { Schema } from "./types";

/**
 * A node's schema, or the problems that keep it from having one. A node behind a broken one has
 * neither: its input is unknown, and the cause is reported once.
 */
export interface NodeOutcome {
  readonly schema: Schema | null;
  readonly problems: readonly Problem[];
}

/** All that a node's outcome depends on, besides the catalogue and the graph's parameters. */
export interface Situation {
  readonly type: string;
  readonly data: unknown;
  /** Per wire into the node: the schema that arrives (null from a broken node) and its handle. */
  readonly inputs: readonly (Schema | null)[];
  readonly handles: readonly (string | null)[];
}

/** What the node `nodeId` makes of its inputs; nothing is thrown for what a user can get wrong. */
export function outcomeOf(
  nodeId: string,
  situation: Situation,
  catalogue: Catalogue,
  parameters: Parameters,
): NodeOutcome {
  try {
    return { schema: infer(situation, catalogue, parameters), problems: [] };
  } catch (error) {
    if (error instanceof GraphError) return { schema: null, problems: [atNode(error.problem, nodeId)] };
    throw error;
  }
}

function infer({ type, data, inputs, handles }: Situation, catalogue: Catalogue, parameters: Parameters): Schema | null {
  if (!isNodeKind(type)) {
    throw new GraphError("unknown_node_type", `There is no node type '${type.slice(0, 64)}'.`, {
      field: "type",
      ...nearest(type, NODE_KINDS),
    });
  }
  const config = readConfig(type, resolve(data, parameters));
  const placed = placeWires(type, handles).map((index) => inputs[index] ?? null);
  const arriving = type === "data_source" ? [tableColumns(config as DataSourceConfig, catalogue)] : placed;
  const known = arriving.filter((schema) => schema !== null);
  return known.length === arriving.length ? inferSchema(type, config, known) : null;
}

function tableColumns({ database, table }: DataSourceConfig, catalogue: Catalogue): Schema {
  const name = `${database}.${table}`;
  const columns = catalogue.get(name);
  if (columns) return columns;
  throw new GraphError("unknown_table", `There is no table '${name}'.`, {
    field: "table",
    ...nearest(name, [...catalogue.keys()]),
  });
}
