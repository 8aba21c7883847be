"""``nodes.ts``: node kinds, the types of their configurations, and what forms and ports need."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core.core_schema import WithDefaultSchema

from flowforge.nodes import NODES
from flowforge.nodes.base import NodeType
from flowforge_local.codegen.typescript import JsonSchema, interface


class _WithFactories(GenerateJsonSchema):
    """Writes ``default: []`` for ``default_factory=list`` too; pydantic leaves factories out."""

    def get_default_value(self, schema: WithDefaultSchema) -> Any:
        factory = schema.get("default_factory")
        return factory() if factory is not None else super().get_default_value(schema)  # type: ignore[call-arg]


def _schema(node: NodeType) -> dict[str, Any]:
    return node.config.model_json_schema(schema_generator=_WithFactories)


def render(notice: str) -> str:
    """The file's text below a comment that carries ``notice``."""
    return "\n".join(
        [
            f"// {notice}\n",
            'import type { NodeDescription } from "../node_description";\n',
            "export const NODE_KINDS = [",
            *(f"  {json.dumps(node.kind)}," for node in NODES),
            "] as const;\n",
            "export type NodeKind = (typeof NODE_KINDS)[number];\n",
            *_interfaces(),
            "/** A node's `data` by its kind, as drawn: what has a default may be left out. */",
            "export interface NodeConfigs {",
            *(f"  readonly {node.kind}: {node.config.__name__};" for node in NODES),
            "}\n",
            "export const NODES: Readonly<Record<NodeKind, NodeDescription>> = {",
            *(f"  {node.kind}: {_description(node)}," for node in NODES),
            "};\n",
        ]
    )


def _interfaces() -> Iterator[str]:
    """One interface per configuration and per model inside one; a model of several nodes appears once."""
    written: dict[str, str] = {}
    for node in NODES:
        schema = _schema(node)
        models = {**schema.pop("$defs", {}), node.config.__name__: schema}
        for name, model in models.items():
            text = interface(name, model)
            if written.setdefault(name, text) != text:
                raise ValueError(f"two different models are called {name}; rename that of {node.kind}")
    yield from written.values()


def _description(node: NodeType) -> str:
    schema = _schema(node)
    description = {
        "doc": node.doc,
        "terminal": node.terminal,
        "ports": [{"handle": port.handle, "least": port.least, "most": port.most} for port in node.ports],
        "initial": _initial(schema),
        "schema": schema,
    }
    return json.dumps(description, indent=2, ensure_ascii=False).replace("\n", "\n  ")


def _initial(schema: JsonSchema) -> dict[str, Any]:
    """A new node's ``data``: what must be chosen is empty, the rest has its default."""
    required = schema.get("required", ())
    properties: Mapping[str, JsonSchema] = schema.get("properties", {})
    return {
        name: _EMPTY.get(member.get("type", "")) if name in required else member["default"]
        for name, member in properties.items()
        if name in required or member.get("default") is not None
    }


_EMPTY: dict[str, Any] = {
    "string": "",
    "array": [],
    "integer": 0,
    "number": 0,
    "boolean": False,
    "object": {},
}
