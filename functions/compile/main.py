"""compile: what a graph means, as SQL and as schemas, and what it would cost, without running it."""

from __future__ import annotations

from typing import Any

from flowforge.explain import (
    CompileRequest,
    CompileResponse,
    EstimateRequest,
    EstimateResponse,
    ValidateRequest,
    ValidateResponse,
    estimated,
    explain,
    validate,
)
from flowforge.serve import Call, Function

function = Function("compile", soon=("flowforge.compiler",))


@function.post("/api/v1/compile", body=CompileRequest, answer=CompileResponse)
async def compile_node(call: Call, request: CompileRequest) -> dict[str, Any]:
    """The SQL of a node, with the reason for every barrier, its lineage and what it reads."""
    return await explain(call.access, request)


@function.post("/api/v1/validate", body=ValidateRequest, answer=ValidateResponse)
async def validate_graph(call: Call, request: ValidateRequest) -> dict[str, Any]:
    """The schema and the problems of every node."""
    return await validate(call.access, request)


@function.post("/api/v1/estimate", body=EstimateRequest, answer=EstimateResponse)
async def estimate_node(call: Call, request: EstimateRequest) -> dict[str, Any]:
    """The rows and bytes that a node would read, from the engines' planners."""
    return await estimated(call.access, request)


compile = function.target()  # noqa: A001  # the target carries the function's name
