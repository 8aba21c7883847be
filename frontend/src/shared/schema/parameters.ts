/**
 * Graph parameters: `{"param": "name"}` anywhere in a configuration stands for the default that the
 * graph declares; requests may pass other values. A setting whose keys are the user's own (`renames`)
 * is never one itself: `{"renames": {"param": "x"}}` gives the column `param` the name `x`. Twin of
 * `flowforge/compiler/parameters.py`.
 */

import { GraphError } from "./errors";
import { nearest } from "./formula/nearest";
import { isObject, type JsonObject } from "./graph";
import type { JsonSchema } from "./json_schema";

export const MAX_DEPTH = 60;

export type Parameters = ReadonlyMap<string, unknown>;

/** Every declared parameter's default; null where it has none. */
export function defaultsOf(declared: readonly JsonObject[]): Parameters {
  return new Map(declared.map((each) => [String(each["name"]), each["default"] ?? null]));
}

/** The configuration with every parameter replaced; `ownKeys` are the settings with keys of users. */
export function resolve(data: unknown, known: Parameters, ownKeys: ReadonlySet<string> = new Set()): unknown {
  if (!isObject(data) || parameterOf(data) !== null) return replaced(data, known, "", 0);
  return mapped(data, (value, name) =>
    ownKeys.has(name) && isObject(value)
      ? mapped(value, (each, key) => replaced(each, known, `${name}.${key}`, 2))
      : replaced(value, known, name, 1),
  );
}

/** The settings of a kind that are mappings, so that their keys are the user's own. */
export function ownKeysOf({ properties = {} }: JsonSchema): ReadonlySet<string> {
  const entries = Object.entries(properties);
  return new Set(entries.flatMap(([name, { additionalProperties }]) => (isObject(additionalProperties) ? [name] : [])));
}

/** The name of the parameter that an object stands for, if it does. */
function parameterOf(data: JsonObject): string | null {
  const name = Object.keys(data).length === 1 ? data["param"] : undefined;
  return typeof name === "string" ? name : null;
}

/** `place`: the dotted path of `data` in the configuration. */
function replaced(data: unknown, known: Parameters, place: string, depth: number): unknown {
  if (depth > MAX_DEPTH) {
    const field = place.split(".", 1)[0] ?? "";
    throw new GraphError("invalid_config", `The configuration nests more than ${MAX_DEPTH} levels deep.`, { field });
  }
  if (Array.isArray(data)) return data.map((value, index) => replaced(value, known, `${place}.${index}`, depth + 1));
  if (!isObject(data)) return data;
  const name = parameterOf(data);
  if (name === null) return mapped(data, (value, key) => replaced(value, known, place ? `${place}.${key}` : key, depth + 1));
  if (known.has(name)) return known.get(name);
  const names = [...known.keys()];
  throw new GraphError("unknown_parameter", `There is no parameter '${name}'.`, {
    ...(place ? { field: place } : {}),
    ...(names.length > 0 ? nearest(name, names) : { hint: "The graph declares none." }),
  });
}

function mapped(data: JsonObject, change: (value: unknown, key: string) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, change(value, key)]));
}
