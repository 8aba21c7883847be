"""Every operation of our OpenAPI document, asked with what its schemas allow and with what they do not.

Each function runs in a process of its own. Schemathesis checks that nothing is answered with a 5xx, that statuses,
media types and bodies are those of the document, that invalid requests are refused and valid ones are not refused
for their form.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from flowforge.serve.openapi import document, load_functions

from .conftest import ROOT
from .test_processes import running, until_ready

pytestmark = pytest.mark.engines

DECLARED = {function.name: function for function in load_functions(ROOT / "functions")}
SCHEMA = schemathesis.openapi.from_dict(document(DECLARED.values()))
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
NOT_HTTP = b"Invalid HTTP request received."
"""The server's own answer to what is no request at all."""
STREAMS = ("/stream", "/ws/")
"""Answers that do not end by themselves."""


def _operations(function: str) -> Iterator[APIOperation]:
    for result in SCHEMA.include(tag=function).get_all_operations():
        operation = result.ok()
        if not any(part in operation.path for part in STREAMS):
            yield operation


@pytest.mark.parametrize("function", sorted(DECLARED))
def test_operations(
    stores: object, function_environment: dict[str, str], function: str, pytestconfig: pytest.Config
) -> None:
    every = pytestconfig.getoption("--all")
    with running(function.replace("_", "-"), function_environment) as (address, _):
        until_ready(address)
        for operation in _operations(function):
            _ask(operation, address, 200 if every else 3, GenerationMode.POSITIVE, CHECKS)
            if _can_be_asked_wrongly(operation):
                checks = [*CHECKS, negative_data_rejection]
                _ask(operation, address, 200 if every else 5, GenerationMode.NEGATIVE, checks)


def _can_be_asked_wrongly(operation: APIOperation) -> bool:
    return bool(operation.body or operation.query or operation.path_parameters)


def _ask(
    operation: APIOperation, address: str, examples: int, mode: GenerationMode, checks: list[CheckFunction]
) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        response = case.call(base_url=address, headers={"X-Dev-Tenant": "demo"}, timeout=20)
        if response.content != NOT_HTTP:
            case.validate_response(response, checks=checks)

    ask()
