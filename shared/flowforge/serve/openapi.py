"""OpenAPI 3.1 from what the functions declare: routes, pydantic models, and the enum of error codes.

https://spec.openapis.org/oas/v3.1.0 – pydantic's JSON Schema is the dialect that 3.1 uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from flowforge.errors import ErrorCode
from flowforge.serve.function import Endpoint, Function
from flowforge.serve.hosting import load_source

OPENAPI = "3.1.0"
PROBLEM_TYPE = "application/problem+json"
_PARAMETER = re.compile(r"\{(\w+)(?::(\w+))?\}")
_PROOFS = {"key": ("apiKey",), "embed": ("embedToken", "apiKey")}
_CONVERTED = {"int": {"type": "integer", "minimum": 0}, None: {"type": "string"}}


class Problem(BaseModel):
    """RFC 9457 problem details; ``position`` is a 0-based offset into the field's text."""

    type: str
    title: str
    status: int
    detail: str
    code: ErrorCode
    instance: str
    trace_id: str
    node_id: str | None = Field(default=None)
    field: str | None = None
    column: str | None = None
    position: int | None = None
    hint: str | None = None


Mode = Literal["validation", "serialization"]


def load_functions(folder: Path) -> Iterator[Function]:
    """The functions declared in ``folder/*/main.py``, in the order of their names."""
    for source in sorted(folder.glob("*/main.py")):
        if isinstance(declared := getattr(load_source(source), "function", None), Function):
            yield declared


def document(functions: Iterable[Function]) -> dict[str, Any]:
    """The OpenAPI document of these functions."""
    endpoints = [(function.name, each) for function in functions for each in function.endpoints]
    refs, definitions = models_json_schema(
        sorted(_models(endpoint for _, endpoint in endpoints), key=lambda each: each[0].__name__),
        ref_template="#/components/schemas/{model}",
    )
    paths: dict[str, dict[str, Any]] = {}
    for function, endpoint in endpoints:
        path = _PARAMETER.sub(r"{\1}", endpoint.path)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(function, endpoint, refs)
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "FlowForge",
            "version": "1",
            "description": "Visual analytics for trading markets.",
        },
        "paths": paths,
        "components": {
            "schemas": definitions.get("$defs", {}),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "apiKey": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-API-Key",
                    "description": "A host's embed key; for its server, never for a page.",
                },
                "embedToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "From POST /api/v1/embed/token; at most ten minutes, one widget.",
                },
                "development": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-Dev-Tenant",
                    "description": "Only where APP_ENV=development and the listener is loopback.",
                },
            },
        },
        "security": [{"bearer": []}, {"development": []}],
    }


def _models(endpoints: Iterable[Endpoint]) -> set[tuple[type[BaseModel], Mode]]:
    models: set[tuple[type[BaseModel], Mode]] = {(Problem, "serialization")}
    for endpoint in endpoints:
        if endpoint.body is not None:
            models.add((endpoint.body, "validation"))
        if endpoint.answer is not None:
            models.add((endpoint.answer, "serialization"))
    return models


def _operation(function: str, endpoint: Endpoint, refs: Mapping[Any, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{endpoint.method.lower()}_{re.sub(r'[^a-z0-9]+', '_', endpoint.path.lower()).strip('_')}",
        "summary": endpoint.summary,
        "tags": [function],
        "parameters": [*_path_parameters(endpoint), *_query_parameters(endpoint), *_headers(endpoint)],
        "responses": _responses(endpoint, refs),
    }
    if endpoint.public:
        operation["security"] = []
    elif endpoint.proof != "user":
        operation["security"] = [{each: []} for each in _PROOFS[endpoint.proof]]
    if endpoint.body is not None:
        schema = refs[(endpoint.body, "validation")]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if endpoint.takes_file:
        file = {"schema": {"type": "string", "format": "binary"}}
        operation["requestBody"] = {"required": True, "content": {"application/octet-stream": file}}
    return operation


def _responses(endpoint: Endpoint, refs: Mapping[Any, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if endpoint.answer is not None:
        content["application/json"] = {"schema": refs[(endpoint.answer, "serialization")]}
    content |= {each: {"schema": {"type": "string"}} for each in endpoint.media_types}
    problem = {"schema": refs[(Problem, "serialization")]}
    return {
        str(endpoint.status): {"description": "Done."} | ({"content": content} if content else {}),
        "default": {"description": "A problem; its `code` says which.", "content": {PROBLEM_TYPE: problem}},
    }


def _path_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _CONVERTED[converter or None]}
        for name, converter in _PARAMETER.findall(endpoint.path)
    ]


def _query_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    if endpoint.query is None:
        return []
    schema = endpoint.query.model_json_schema()
    required = set(schema.get("required", ()))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": each}
        for name, each in schema["properties"].items()
    ]


def _headers(endpoint: Endpoint) -> list[dict[str, Any]]:
    if endpoint.method not in ("PATCH", "DELETE", "PUT"):
        return []
    return [
        {
            "name": "If-Match",
            "in": "header",
            "required": endpoint.method == "PATCH",
            "schema": {"type": "string"},
        }
    ]
