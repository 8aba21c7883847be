import { describe, expect, it } from "vitest";

import { decode, type JsonSchema } from "./json_schema";

/** As pydantic writes a filter: a condition, or a group of them, nested. */
const GROUP: JsonSchema = {
  $ref: "#/$defs/Group",
  $defs: {
    Condition: {
      type: "object",
      additionalProperties: false,
      required: ["column"],
      properties: {
        column: { type: "string", minLength: 1, maxLength: 3 },
        operator: { type: "string", enum: ["=", "!="], default: "=" },
        value: { anyOf: [{ type: "integer" }, { type: "string" }, { type: "null" }], default: null },
      },
    },
    Group: {
      type: "object",
      additionalProperties: false,
      required: ["filters"],
      properties: {
        logic: { const: "AND", default: "AND" },
        filters: {
          type: "array",
          minItems: 1,
          maxItems: 2,
          items: { anyOf: [{ $ref: "#/$defs/Condition" }, { $ref: "#/$defs/Group" }] },
        },
      },
    },
  },
};

function firstIssue(schema: JsonSchema, value: unknown): string | null {
  const [issue] = decode(schema, value).issues;
  return issue ? `${issue.path.join(".")} ${issue.message}` : null;
}

describe("decode", () => {
  it("fills in defaults at every level", () => {
    expect(decode(GROUP, { filters: [{ column: "a" }, { filters: [{ column: "b", value: 1 }] }] })).toEqual({
      value: {
        logic: "AND",
        filters: [
          { column: "a", operator: "=", value: null },
          { logic: "AND", filters: [{ column: "b", operator: "=", value: 1 }] },
        ],
      },
      issues: [],
    });
  });

  it.each([
    [null, " must be an object"],
    [[], " must be an object"],
    [{}, "filters is missing"],
    [{ filters: "a" }, "filters must be a list"],
    [{ filters: [] }, "filters must have at least 1 entries"],
    [{ filters: [{ column: "a" }, { column: "a" }, { column: "a" }] }, "filters must have at most 2 entries"],
    [{ filters: [{ column: "a" }], logic: "OR" }, 'logic must be "AND"'],
    [{ filters: [{ column: "a" }], extra: 1 }, "extra is not a setting of this node"],
    [{ filters: [{ column: "" }] }, "filters.0.column must not be empty"],
    [{ filters: [{ column: "abcd" }] }, "filters.0.column must have at most 3 characters"],
    [{ filters: [{ column: "a", operator: "~" }] }, 'filters.0.operator must be one of "=", "!="'],
    [{ filters: [{ column: "a", value: 1.5 }] }, "filters.0.value must be a whole number"],
    [{ filters: [{ column: "😀😀😀" }] }, null],
  ])("%j: %s", (value, issue) => {
    expect(firstIssue(GROUP, value)).toBe(issue);
  });

  it.each<[JsonSchema, unknown, string | null]>([
    [{ type: "number", minimum: 1 }, 0, " must be at least 1"],
    [{ type: "number", maximum: 1 }, 2, " must be at most 1"],
    [{ type: "number", exclusiveMinimum: 1 }, 1, " must be more than 1"],
    [{ type: "number", exclusiveMaximum: 1 }, 1, " must be less than 1"],
    [{ type: "integer" }, 1.5, " must be a whole number"],
    [{ type: "boolean" }, 1, " must be true or false"],
    [{ type: "string", pattern: "^a+$" }, "ab", " must match ^a+$"],
    [{ type: "string", pattern: "^a+$" }, "aa", null],
    [{ type: "object", additionalProperties: { type: "string" } }, { a: 1 }, "a must be a text"],
    [{ type: "object" }, { a: 1 }, null],
    [{}, { anything: [1] }, null],
  ])("%j %j: %s", (schema, value, issue) => {
    expect(firstIssue(schema, value)).toBe(issue);
  });

  it("refuses a schema that refers to nothing", () => {
    expect(() => decode({ $ref: "#/$defs/Nothing" }, 1)).toThrow("#/$defs/Nothing");
  });
});
