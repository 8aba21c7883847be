"""``POST /api/v1/execute``."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import orjson
from pydantic import Field, model_validator

from flowforge.errors import ErrorCode, FlowForgeError, GraphError, StoreError
from flowforge.execute.arrow_text import with_text_columns
from flowforge.graph import parse_graph
from flowforge.metadata.graphs import read_graph
from flowforge.quotas import query_slot
from flowforge.residual.run import stream
from flowforge.results import answer, plan
from flowforge.results.filters import Filter, Filtered, applied
from flowforge.results.noted import note
from flowforge.results.shapes import GraphDocument, NodeId, Parameters, RowsResponse, Strict, UseRollups
from flowforge.schema import catalog_for
from flowforge.stores import EXECUTE, Limits
from flowforge.tenancy import Access

if TYPE_CHECKING:
    from flowforge.compiler import Plan

MAX_PAGE_SIZE = 1_000
MAX_OFFSET = 10_000


class ExecuteRequest(Strict):
    """A saved workflow or a graph, the node whose result is wanted, and the page of it (from 0)."""

    workflow_id: UUID | None = None
    graph: GraphDocument | None = None
    target_node_id: NodeId
    page: Annotated[int, Field(ge=0)] = 0
    page_size: Annotated[int, Field(ge=1, le=MAX_PAGE_SIZE)] = 50
    filters: list[Filter] = Field(default=[], max_length=50)
    params: Parameters | None = None
    use_rollups: UseRollups = True

    @model_validator(mode="after")
    def _one_source(self) -> ExecuteRequest:
        if (self.workflow_id is None) == (self.graph is None):
            raise ValueError("give either workflow_id or graph")
        return self


class ExecuteResponse(RowsResponse):
    """One page; ``truncated`` says that there are more rows after it."""

    page: int
    page_size: int
    filters_ignored: list[str]


async def page(access: Access, request: ExecuteRequest) -> bytes:
    """The JSON of an ``ExecuteResponse``."""
    offset = request.page * request.page_size
    if offset > MAX_OFFSET:
        raise GraphError(
            ErrorCode.OFFSET_TOO_LARGE,
            f"Page {request.page} of {request.page_size} rows begins after row {MAX_OFFSET:,}.",
            field="page",
            hint="Filter the result, or export it as CSV (Accept: text/csv).",
        )
    question = await _question(access, request)
    compiled = await _plan(access, request, question, offset, request.page_size + 1)
    found = await answer(
        compiled, access, limits=EXECUTE, rows=request.page_size, kind="execute", cached=False
    )
    more = f'"page":{request.page},"page_size":{request.page_size},"filters_ignored":'.encode()
    return found.json(more + orjson.dumps(question.ignored) + b",")


async def whole(
    access: Access, request: ExecuteRequest, export_format: Literal["csv", "arrow"]
) -> AsyncIterator[bytes]:
    """The whole result as a stream, beyond the display limits but within those of time and memory."""
    compiled, _ = await whole_plan(access, request, textual=export_format == "arrow")

    async def exported() -> AsyncGenerator[bytes, None]:
        async with query_slot(access.tenant_id):
            pieces = await streamed(compiled, EXECUTE, export_format)
            yield b""  # from here on the slot is given back however the stream ends, even unread
            async with aclosing(pieces):  # type: ignore[type-var]  # generators in fact
                async for piece in pieces:
                    yield piece

    stream_ = exported()
    started = time.perf_counter()
    await anext(stream_)
    note(compiled, None, (time.perf_counter() - started) * 1000)
    return stream_


async def whole_plan(
    access: Access, request: ExecuteRequest, *, textual: bool = True, as_of: datetime | None = None
) -> tuple[Plan, Sequence[str]]:
    """The plan of all rows, and the columns of filters that do not apply.

    ``textual``: what only its engine can read as text is text in Arrow too.
    """
    question = _of_all_rows(await _question(access, request))
    compiled = await _plan(access, request, question, as_of=as_of)
    if textual:
        converted = with_text_columns(question, compiled, await catalog_for(access))
        if converted.target != question.target:
            compiled = await _plan(access, request, converted, as_of=as_of)
    return compiled, question.ignored


async def streamed(
    plan: Plan, limits: Limits, export_format: Literal["csv", "arrow"]
) -> AsyncIterator[bytes]:
    """The rows of a whole plan; an error names the node where it can."""
    try:
        return await stream(plan, limits, export_format)
    except StoreError as error:
        plan.blame(error)
        raise


async def _question(access: Access, request: ExecuteRequest) -> Filtered:
    document: Any = request.graph
    if request.workflow_id is not None:
        document = await read_graph(access.tenant_id, request.workflow_id)
    catalog = await catalog_for(access)
    return applied(parse_graph(document), request.target_node_id, request.filters, catalog)


def _of_all_rows(question: Filtered) -> Filtered:
    """A table view shows a page of its input; a whole result is that input."""
    node = question.graph.node(question.target)
    wires = question.graph.inputs(node.id)
    return replace(question, target=wires[0].source) if node.type == "table_view" and wires else question


async def _plan(
    access: Access,
    request: ExecuteRequest,
    question: Filtered,
    offset: int = 0,
    limit: int | None = None,
    as_of: datetime | None = None,
) -> Plan:
    try:
        return await plan(
            question.graph,
            question.target,
            access=access,
            params=request.params,
            offset=offset,
            limit=limit,
            as_of=as_of,
            use_rollups=request.use_rollups,
            follows=True,
        )
    except FlowForgeError as error:
        question.blame(error)
        raise
