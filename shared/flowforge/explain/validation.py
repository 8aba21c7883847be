"""``POST /api/v1/validate``."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from flowforge.errors import FlowForgeError
from flowforge.graph import parse_graph
from flowforge.results.shapes import ColumnShape, GraphDocument, Parameters, Strict
from flowforge.schema import catalog_for
from flowforge.tenancy import Access
from flowforge.types import to_json


class ValidateRequest(Strict):
    """A graph, finished or not."""

    graph: GraphDocument
    params: Parameters | None = None


class Problem(BaseModel):
    """What is wrong and where; the members of an error document that concern the graph."""

    code: str
    detail: str
    node_id: str | None = None
    field: str | None = None
    column: str | None = None
    position: int | None = None
    hint: str | None = None


class NodeValidation(BaseModel):
    """A node's output schema (null behind a problem) and its own problems."""

    schema_: list[ColumnShape] | None = Field(alias="schema")
    problems: list[Problem]


class ValidateResponse(BaseModel):
    """Schemas and problems of the whole graph; ``valid`` when there are no problems."""

    valid: bool
    nodes: dict[str, NodeValidation]
    problems: list[Problem]


async def validate(access: Access, request: ValidateRequest) -> dict[str, Any]:
    """Per-node schemas and problems as ``ValidateResponse``.

    A graph that cannot even be read (no node list, a loop …) is one problem, not an error: the
    canvas asks while the user is still drawing.
    """
    from flowforge.compiler import propagate

    try:
        graph = parse_graph(request.graph)
    except FlowForgeError as unreadable:
        return {"valid": False, "nodes": {}, "problems": [_problem(unreadable)]}
    outcome = propagate(graph, catalog=await catalog_for(access), params=request.params)
    problems = [_problem(each) for each in outcome.problems]
    return {
        "valid": not problems,
        "nodes": {
            node_id: {
                "schema": None if node.schema is None else to_json(node.schema),
                "problems": [_problem(each) for each in node.problems],
            }
            for node_id, node in outcome.nodes.items()
        },
        "problems": problems,
    }


def _problem(error: FlowForgeError) -> dict[str, Any]:
    members = error.problem()
    return {name: members[name] for name in Problem.model_fields if name in members}
