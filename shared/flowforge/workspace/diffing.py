"""``GET /api/v1/workflows/{id}/diff?from=&to=``: what a version means that another one does not."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from flowforge.errors import FlowForgeError
from flowforge.graph import Graph, parse_graph
from flowforge.results import as_of_now
from flowforge.tenancy import Access
from flowforge.workspace.comparing import GraphDifference, difference
from flowforge.workspace.compiling import Compiled, SchemaDifference, compiled, schema_difference
from flowforge.workspace.workflows import read_version, read_workflow

MAX_OUTPUTS = 20
"""Output nodes that are compiled for a diff; a graph has a few."""


class DiffQuery(BaseModel):
    """Two versions; ``to`` is the newest one unless it is given."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    from_: int = Field(alias="from", ge=1)
    to: int | None = Field(default=None, ge=1)


class TextChange(BaseModel):
    """A text that differs."""

    before: str
    after: str


class SqlDifference(BaseModel):
    """The SQL of both versions, laid out, and the difference by lines (unified diff); null: none is compiled."""

    before: str | None
    after: str | None
    diff: list[str]


class OutputDifference(BaseModel):
    """An output node: how its SQL and its columns differ. ``problem_*``: why there are none."""

    node_id: str
    change: Literal["added", "removed", "changed", "unchanged"]
    sql: SqlDifference
    columns: SchemaDifference
    problem_before: dict[str, Any] | None
    problem_after: dict[str, Any] | None


class DiffResponse(BaseModel):
    """From one version to another. ``identical``: they mean the same, wherever the nodes were moved."""

    model_config = ConfigDict(populate_by_name=True)

    workflow_id: UUID
    from_: int = Field(alias="from")
    to: int
    identical: bool
    name: TextChange | None
    graph: GraphDifference
    outputs: list[OutputDifference]


async def diff(access: Access, workflow_id: UUID, query: DiffQuery) -> DiffResponse:
    """The difference; 404 for a workflow or a version that the tenant has not."""
    to = query.to
    if to is None:
        to = (await read_workflow(access.tenant_id, workflow_id)).version
    before = await read_version(access.tenant_id, workflow_id, query.from_)
    after = await read_version(access.tenant_id, workflow_id, to)
    graph = difference(before.graph, after.graph)
    outputs = [] if graph.empty else await _outputs(before.graph, after.graph, access)
    return DiffResponse(
        workflow_id=workflow_id,
        **{"from": query.from_},
        to=to,
        identical=graph.empty and before.name == after.name,
        name=None if before.name == after.name else TextChange(before=before.name, after=after.name),
        graph=graph,
        outputs=outputs,
    )


def output_nodes(graph: Graph) -> list[str]:
    """The nodes that nothing is wired behind, in the order of the document."""
    inner = {edge.source for edge in graph.edges}
    return [node_id for node_id in graph.nodes if node_id not in inner]


async def _outputs(
    before: Mapping[str, Any], after: Mapping[str, Any], access: Access
) -> list[OutputDifference]:
    graphs = parse_graph(before), parse_graph(after)
    nodes = dict.fromkeys([*output_nodes(graphs[1]), *output_nodes(graphs[0])])
    moment = as_of_now()
    return [await _output(node_id, *graphs, access, moment) for node_id in list(nodes)[:MAX_OUTPUTS]]


async def _output(
    node_id: str, before: Graph, after: Graph, access: Access, moment: datetime
) -> OutputDifference:
    old = await compiled(before, node_id, access, moment) if node_id in before.nodes else None
    new = await compiled(after, node_id, access, moment) if node_id in after.nodes else None
    # Laying out is parsing, which takes its time: not in the way of other requests.
    sql = await asyncio.to_thread(_laid_out, old), await asyncio.to_thread(_laid_out, new)
    columns = schema_difference(old.columns if old else None, new.columns if new else None)
    same = sql[0] == sql[1] and columns.empty and _problem(old) == _problem(new)
    return OutputDifference(
        node_id=node_id,
        change="added" if old is None else "removed" if new is None else "unchanged" if same else "changed",
        sql=SqlDifference(before=sql[0], after=sql[1], diff=_lines(*sql)),
        columns=columns,
        problem_before=_problem(old),
        problem_after=_problem(new),
    )


def _problem(found: Compiled | None) -> dict[str, Any] | None:
    return None if found is None or found.problem is None else dict(found.problem)


def _laid_out(found: Compiled | None) -> str | None:
    """The statements with a clause a line, so that a difference shows where it is."""
    if found is None or not found.statements:
        return None
    return "\n;\n".join(_pretty(sql, dialect) for dialect, sql in found.statements)


def _pretty(sql: str, dialect: str) -> str:
    from sqlglot import parse_one
    from sqlglot.errors import SqlglotError

    try:
        return parse_one(sql, read=dialect).sql(dialect=dialect, pretty=True)
    except (SqlglotError, FlowForgeError, RecursionError):
        return sql  # an expression that only the engine reads, or one that is nested too deeply to lay out


def _lines(before: str | None, after: str | None) -> list[str]:
    old, new = (before or "").splitlines(), (after or "").splitlines()
    return list(difflib.unified_diff(old, new, "before", "after", lineterm="", n=2))
