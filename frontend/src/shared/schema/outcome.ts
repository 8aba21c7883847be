/** What one node makes of its inputs. */

import { adjustedColumns } from "./adjusting";
import type { Catalogue } from "./catalogue";
import { atNode, GraphError, type Problem } from "./errors";
import { nearest } from "./formula/nearest";
import { type DataSourceConfig, NODE_KINDS, NODES } from "./generated/nodes";
import { inferSchema, isNodeKind, orderOf, readConfig } from "./nodes";
import { NO_ORDER, type Ordering } from "./ordering";
import { ownKeysOf, type Parameters, resolve } from "./parameters";
import { placeWires } from "./ports";
import type { Schema } from "./types";

/**
 * A node's schema and what orders its rows, or the problems that keep it from having either. A node
 * behind a broken one has none of this: its input is unknown, and the cause is reported once.
 */
export interface NodeOutcome {
  readonly schema: Schema | null;
  readonly ordering: Ordering;
  readonly problems: readonly Problem[];
}

/** What a node gives to the next one: no schema if it is broken. */
export type Input = Pick<NodeOutcome, "schema" | "ordering">;

/** All that a node's outcome depends on, besides the catalogue and the graph's parameters. */
export interface Situation {
  readonly type: string;
  readonly data: unknown;
  /** Per wire into the node: what arrives, and its handle. */
  readonly inputs: readonly Input[];
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
    return { ...infer(situation, catalogue, parameters), problems: [] };
  } catch (error) {
    if (error instanceof GraphError) return { ...BROKEN, problems: [atNode(error.problem, nodeId)] };
    throw error;
  }
}

const BROKEN: Input = { schema: null, ordering: NO_ORDER };

function infer({ type, data, inputs, handles }: Situation, catalogue: Catalogue, parameters: Parameters): Input {
  if (!isNodeKind(type)) {
    throw new GraphError("unknown_node_type", `There is no node type '${type.slice(0, 64)}'.`, {
      field: "type",
      ...nearest(type, NODE_KINDS),
    });
  }
  const config = readConfig(type, resolve(data, parameters, ownKeysOf(NODES[type].schema)));
  const placed = placeWires(type, handles).map((index) => inputs[index] ?? BROKEN);
  const arriving = type === "data_source" ? [tableOf(config as DataSourceConfig, catalogue)] : placed;
  const schemas = arriving.flatMap(({ schema }) => (schema === null ? [] : [schema]));
  if (schemas.length < arriving.length) return BROKEN;
  const schema = inferSchema(type, config, schemas);
  return { schema, ordering: orderOf(type, config, arriving.map((each) => each.ordering)) };
}

function tableOf({ database, table, adjust = "none" }: DataSourceConfig, catalogue: Catalogue): Input {
  const name = `${database}.${table}`;
  const found = catalogue.get(name);
  if (found) {
    const schema = adjustedColumns(name, found, catalogue, adjust);
    return { schema, ordering: { trade: found.ordered, sorted: false } };
  }
  throw new GraphError("unknown_table", `There is no table '${name}'.`, {
    field: "table",
    ...nearest(name, [...catalogue.keys()]),
  });
}
