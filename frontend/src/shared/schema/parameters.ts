/**
 * Graph parameters: `{"param": "name"}` anywhere in a configuration stands for the default that the
 * graph declares; requests may pass other values. Twin of `flowforge/compiler/parameters.py`.
 */

import { GraphError } from "./errors";
import { nearest } from "./formula/nearest";
import { isObject, type JsonObject } from "./graph";

export const MAX_DEPTH = 60;

export type Parameters = ReadonlyMap<string, unknown>;

/** Every declared parameter's default; null where it has none. */
export function defaultsOf(declared: readonly JsonObject[]): Parameters {
  return new Map(declared.map((each) => [String(each["name"]), each["default"] ?? null]));
}

/** The configuration with every parameter replaced. */
export function resolve(data: unknown, known: Parameters, depth = 0): unknown {
  if (depth > MAX_DEPTH) {
    throw new GraphError("invalid_config", `The configuration nests more than ${MAX_DEPTH} levels deep.`);
  }
  if (Array.isArray(data)) return data.map((value) => resolve(value, known, depth + 1));
  if (!isObject(data)) return data;
  const entries = Object.entries(data);
  const name = entries.length === 1 ? data["param"] : undefined;
  if (typeof name !== "string") {
    return Object.fromEntries(entries.map(([key, value]) => [key, resolve(value, known, depth + 1)]));
  }
  if (known.has(name)) return known.get(name);
  const names = [...known.keys()];
  throw new GraphError("unknown_parameter", `There is no parameter '${name}'.`, {
    ...(names.length > 0 ? nearest(name, names) : { hint: "The graph declares none." }),
  });
}
