"""JSON Schema → TypeScript types, for the part of JSON Schema that pydantic writes.

    {"enum": ["AND", "OR"]}                        "AND" | "OR"
    {"type": "array", "items": {"type": "string"}} readonly string[]
    {"anyOf": [{"type": "string"}, {"type": "null"}]}   string | null
    {"$ref": "#/$defs/Sort"}                       Sort

Anything else raises ``NotImplementedError``: a type that is quietly ``unknown`` is no type.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

JsonSchema = Mapping[str, Any]

_PRIMITIVE = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


def interface(name: str, schema: JsonSchema) -> str:
    """``export interface <name> {…}`` for an object schema; a key with a default may be left out."""
    required = frozenset(schema.get("required", ()))
    members = "".join(
        f"{_comment(member, '  ')}  readonly {_key(key)}{'' if key in required else '?'}: {expression(member)};\n"
        for key, member in schema.get("properties", {}).items()
    )
    return f"{_comment(schema, '')}export interface {name} {{\n{members}}}\n"


def expression(schema: JsonSchema) -> str:
    """The type expression of a schema."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
    if "enum" in schema:
        return _union(json.dumps(value, ensure_ascii=False) for value in schema["enum"])
    for alternatives in ("anyOf", "oneOf"):
        if alternatives in schema:
            return _union(expression(each) for each in schema[alternatives])
    match schema.get("type"):
        case "array":
            return _array(schema)
        case "object":
            return _record(schema)
        case str(kind) if kind in _PRIMITIVE:
            return _PRIMITIVE[kind]
        case None if not set(schema) - {"title", "default", "description"}:
            return "unknown"  # pydantic's Any
    raise NotImplementedError(f"no TypeScript type for {json.dumps(schema)}")


def _array(schema: JsonSchema) -> str:
    if "prefixItems" in schema:
        return f"readonly [{', '.join(expression(each) for each in schema['prefixItems'])}]"
    item = expression(schema.get("items", {}))
    return f"readonly ({item})[]" if "|" in item else f"readonly {item}[]"


def _record(schema: JsonSchema) -> str:
    if "properties" in schema:
        raise NotImplementedError(f"an object schema without a name: {json.dumps(schema)}")
    values = schema.get("additionalProperties", {})
    return f"Readonly<Record<string, {expression(values if isinstance(values, Mapping) else {})}>>"


def _union(alternatives: Any) -> str:
    return " | ".join(dict.fromkeys(alternatives))


def _key(name: str) -> str:
    return name if name.isidentifier() else json.dumps(name)


def _comment(schema: JsonSchema, indent: str) -> str:
    text = " ".join(str(schema.get("description", "")).split())
    return f"{indent}/** {text} */\n" if text else ""
