"""The OpenAPI document is complete, valid, and says the same as the manifests that route to the functions."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from flowforge.errors import ErrorCode
from flowforge.serve.openapi import document, load_functions

from .conftest import FUNCTIONS, ROOT

DOCUMENT = document(load_functions(ROOT / "functions"))


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, operation)
        for path, methods in DOCUMENT["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_function_is_described() -> None:
    assert {tag for _, _, operation in operations() for tag in operation["tags"]} == set(FUNCTIONS)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_manifest_routes_exactly_what_the_function_declares(function: str) -> None:
    service = next(yaml.safe_load_all((ROOT / "knative" / "base" / f"{function}.yaml").read_text()))
    routed = set(service["metadata"]["annotations"]["flowforge.dev/routes"].split("\n")) - {""}
    declared = {
        f"{method} {path}" for method, path, operation in operations() if operation["tags"] == [function]
    }
    assert routed == declared


def test_every_reference_leads_somewhere_and_every_schema_is_one() -> None:
    text = json.dumps(DOCUMENT)
    schemas = DOCUMENT["components"]["schemas"]
    for name in re.findall(r'"#/components/schemas/([^"]+)"', text):
        assert name in schemas
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


def test_operation_ids_are_unique_and_summaries_are_sentences() -> None:
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert len(ids) == len(set(ids))
    assert all(operation["summary"].endswith(".") for _, _, operation in operations())


def test_the_error_codes_are_published() -> None:
    assert set(DOCUMENT["components"]["schemas"]["ErrorCode"]["enum"]) == set(ErrorCode)


@pytest.mark.engines
async def test_the_document_is_served_without_a_caller(call) -> None:
    answer = await call("schema", tenant=None).get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"] == "3.1.0"
    assert answer.json()["paths"].keys() == DOCUMENT["paths"].keys()
