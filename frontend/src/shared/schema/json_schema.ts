/**
 * Checks a value against the part of JSON Schema that pydantic writes, and fills in its defaults.
 *
 * Interpreted, because the content security policy forbids compilers such as Ajv, and in pydantic's
 * order of errors: declared keys as declared, then keys that are not declared.
 */

import { codePoints } from "./text";
import { isObject, type JsonObject } from "./graph";

export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: "string" | "integer" | "number" | "boolean" | "null" | "array" | "object";
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minProperties?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly pattern?: string;
  readonly default?: unknown;
}

export type Path = readonly (string | number)[];

export interface Issue {
  readonly path: Path;
  readonly message: string;
  /** Steps of the path, alternatives included. */
  readonly depth: number;
}

/** The value with its defaults filled in, or what is wrong with it. */
export type Decoded = { readonly value: unknown; readonly issues: readonly [] } | Failure;

interface Failure {
  readonly issues: readonly [Issue, ...Issue[]];
}

/** The issue that says most: the deepest, and of those the first. */
export function deepest(issues: readonly Issue[]): Issue | undefined {
  const depth = Math.max(...issues.map((issue) => issue.depth));
  return issues.find((issue) => issue.depth === depth);
}

/** Decode `value` by `schema`; references are looked up in `schema.$defs`. */
export function decode(schema: JsonSchema, value: unknown): Decoded {
  return decodeAt(schema, value, [], schema.$defs ?? {});
}

type Definitions = Readonly<Record<string, JsonSchema>>;

function decodeAt(schema: JsonSchema, value: unknown, path: Path, defs: Definitions): Decoded {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
    const target = defs[name];
    if (target === undefined) throw new Error(`the schema refers to ${schema.$ref}, which it does not define`);
    return decodeAt(target, value, path, defs);
  }
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return decodeAny(alternatives, value, path, defs);
  if ("const" in schema && value !== schema.const) return fail(path, `must be ${JSON.stringify(schema.const)}`);
  if (schema.enum && !schema.enum.includes(value)) {
    return fail(path, `must be one of ${schema.enum.map((each) => JSON.stringify(each)).join(", ")}`);
  }
  if (schema.type !== undefined && !hasType(schema.type, value)) return fail(path, `must be ${ARTICLES[schema.type]}`);
  if (typeof value === "string") return decodeText(schema, value, path);
  if (typeof value === "number") return decodeNumber(schema, value, path);
  if (Array.isArray(value)) return decodeArray(schema, value, path, defs);
  if (isObject(value)) return decodeObject(schema, value, path, defs);
  return { value, issues: [] };
}

const ARTICLES = {
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  null: "null",
  array: "a list",
  object: "an object",
} as const;

function hasType(type: NonNullable<JsonSchema["type"]>, value: unknown): boolean {
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    default:
      return typeof value === type;
  }
}

/**
 * The first alternative that fits, or what is wrong with each. Pydantic counts the alternative as a
 * step of the path, unless null is the only other one.
 */
function decodeAny(alternatives: readonly JsonSchema[], value: unknown, path: Path, defs: Definitions): Decoded {
  if (value === null && alternatives.some((each) => each.type === "null")) return { value, issues: [] };
  const typed = alternatives.filter((each) => each.type !== "null");
  const failures: Issue[] = [];
  for (const alternative of typed) {
    const decoded = decodeAt(alternative, value, path, defs);
    if ("value" in decoded) return decoded;
    failures.push(...decoded.issues);
  }
  const step = typed.length > 1 ? 1 : 0;
  const [first, ...others] = failures.map((issue) => ({ ...issue, depth: issue.depth + step }));
  return first ? { issues: [first, ...others] } : fail(path, "has no type that it could be");
}

function decodeText(schema: JsonSchema, value: string, path: Path): Decoded {
  const length = codePoints(value);
  if (length < (schema.minLength ?? 0)) return fail(path, "must not be empty");
  if (length > (schema.maxLength ?? Infinity)) return fail(path, `must have at most ${schema.maxLength ?? 0} characters`);
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value)) {
    return fail(path, `must match ${schema.pattern}`);
  }
  return { value, issues: [] };
}

function decodeNumber(schema: JsonSchema, value: number, path: Path): Decoded {
  if (value < (schema.minimum ?? -Infinity)) return fail(path, `must be at least ${schema.minimum ?? 0}`);
  if (value > (schema.maximum ?? Infinity)) return fail(path, `must be at most ${schema.maximum ?? 0}`);
  if (value <= (schema.exclusiveMinimum ?? -Infinity)) return fail(path, `must be more than ${schema.exclusiveMinimum ?? 0}`);
  if (value >= (schema.exclusiveMaximum ?? Infinity)) return fail(path, `must be less than ${schema.exclusiveMaximum ?? 0}`);
  return { value, issues: [] };
}

function decodeArray(schema: JsonSchema, value: readonly unknown[], path: Path, defs: Definitions): Decoded {
  if (value.length < (schema.minItems ?? 0)) return fail(path, `must have at least ${schema.minItems ?? 0} entries`);
  if (value.length > (schema.maxItems ?? Infinity)) return fail(path, `must have at most ${schema.maxItems ?? 0} entries`);
  const items = value.map((item, index) => decodeAt(schema.items ?? {}, item, [...path, index], defs));
  return collect(items, () => items.map(valueOf));
}

function decodeObject(schema: JsonSchema, value: JsonObject, path: Path, defs: Definitions): Decoded {
  const declared = schema.properties ?? {};
  const members: [string, Decoded][] = [];
  for (const [key, member] of Object.entries(declared)) {
    if (Object.hasOwn(value, key)) members.push([key, decodeAt(member, value[key], [...path, key], defs)]);
    else if (schema.required?.includes(key)) members.push([key, fail([...path, key], "is missing")]);
    else members.push([key, { value: member.default, issues: [] }]);
  }
  for (const [key, member] of Object.entries(value)) {
    if (Object.hasOwn(declared, key)) continue;
    const rest = schema.additionalProperties ?? true;
    if (rest === false) members.push([key, fail([...path, key], "is not a setting of this node")]);
    else members.push([key, decodeAt(rest === true ? {} : rest, member, [...path, key], defs)]);
  }
  return collect(
    members.map(([, decoded]) => decoded),
    () => Object.fromEntries(members.map(([key, decoded]) => [key, valueOf(decoded)])),
  );
}

function collect(parts: readonly Decoded[], value: () => unknown): Decoded {
  const [first, ...others] = parts.flatMap((part): readonly Issue[] => part.issues);
  return first ? { issues: [first, ...others] } : { value: value(), issues: [] };
}

function valueOf(decoded: Decoded): unknown {
  return "value" in decoded ? decoded.value : undefined;
}

function fail(path: Path, message: string): Failure {
  return { issues: [{ path, message, depth: path.length }] };
}
