"""Listing, reading and ending executions, and the rows of their results."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field

from flowforge.auth import require_role
from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.execute.execute import MAX_PAGE_SIZE
from flowforge.execute.executions import kept_rows
from flowforge.execute.executions.cleaning import clean_now_and_then
from flowforge.execute.executions.entitled import still_sees
from flowforge.execute.executions.shapes import ExecutionPage, ExecutionShape, Status
from flowforge.metadata import executions
from flowforge.metadata.executions import LAPSED_SECONDS, Execution
from flowforge.metadata.graphs import not_found
from flowforge.results.noted import note_read
from flowforge.results.paging import ListQuery, cursor_at, position_of
from flowforge.stores.kept import kept
from flowforge.tenancy import Access, Caller
from flowforge.types import from_json


class ExecutionListQuery(ListQuery):
    """A page of executions, of one status if it is given."""

    status: Status | None = None


class ResultQuery(BaseModel):
    """Which page of a kept result, from 0; CSV and Arrow are whole."""

    model_config = ConfigDict(extra="forbid")

    page: int = Field(default=0, ge=0)
    page_size: int = Field(default=50, ge=1, le=MAX_PAGE_SIZE)


async def list_executions(access: Access, query: ExecutionListQuery) -> ExecutionPage:
    """The tenant's executions, newest first, as far as their rows may still be seen."""
    after = None if query.cursor is None else position_of(query.cursor)
    found = await executions.listed(access.tenant_id, query.status, after, query.limit + 1)
    shown = found[: query.limit]
    more = len(found) > query.limit
    await clean_now_and_then()
    return ExecutionPage(
        items=[ExecutionShape.of(each) for each in shown if still_sees(access, each.reads)],
        next_cursor=cursor_at(shown[-1].created_at, shown[-1].id) if more else None,
    )


async def read_execution(access: Access, execution_id: UUID) -> ExecutionShape:
    """An execution; 404 if the tenant has none of that id, or may no longer see what it read.

    One that should be under way and is not is announced again: its event may have ended in a dead letter.
    """
    found = await _owned(access, execution_id)
    if not found.finished:
        await executions.revive(found, datetime.now(UTC) - timedelta(seconds=LAPSED_SECONDS))
    return ExecutionShape.of(found)


async def end(caller: Caller, access: Access, execution_id: UUID) -> None:
    """Cancel a run down to the engine, or remove a kept result. Those of others need the role analyst."""
    found = await _owned(access, execution_id)
    if found.created_by != caller.subject:
        require_role(caller, "analyst")
    if not found.finished and await executions.cancel(caller, execution_id):
        return
    await executions.delete(caller, execution_id)
    await asyncio.to_thread(kept(access.tenant_id, execution_id).remove)


async def result_page(access: Access, execution_id: UUID, query: ResultQuery) -> bytes:
    """The JSON of a ``ResultResponse``."""
    found = await _completed(access, execution_id)
    _note(found)
    offset, total = query.page * query.page_size, found.rows or 0
    columns = found.columns or []
    rows = await asyncio.to_thread(kept_rows.page, _file(found), from_json(columns), offset, query.page_size)
    members = {
        "execution_id": str(found.id),
        "page": query.page,
        "page_size": query.page_size,
        "total_rows": total,
        "columns": columns,
        "row_count": max(0, min(query.page_size, total - offset)),
        "execution_ms": round(found.elapsed_ms or 0.0, 1),
        "cache_hit": True,
        "truncated": offset + query.page_size < total,
        "plan_hash": found.plan_hash,
        "as_of": found.question["as_of"].replace("+00:00", "Z"),
        "filters_ignored": found.question.get("filters_ignored", []),
    }
    return orjson.dumps(members)[:-1] + b',"rows":' + rows + b"}"


async def result_stream(
    access: Access, execution_id: UUID, export_format: Literal["csv", "arrow"]
) -> AsyncIterator[bytes]:
    """The whole kept result."""
    found = await _completed(access, execution_id)
    file = _file(found)
    columns = from_json(found.columns or [])
    _note(found)
    return _chunks(kept_rows.csv(file, columns) if export_format == "csv" else kept_rows.arrow(file))


async def _chunks(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece


def _note(found: Execution) -> None:
    tables = sorted({str(each["table"]) for each in found.reads if "table" in each})
    note_read(found.plan_hash or "", tuple(tables), found.rows, found.elapsed_ms or 0.0)


def _file(found: Execution) -> Path:
    file = kept(found.tenant_id, found.id).file(found.attempt)
    if not file.is_file():
        raise not_found("result of execution", found.id)
    return file


async def _owned(access: Access, execution_id: UUID) -> Execution:
    found = await executions.read(access.tenant_id, execution_id)
    if found is None or not still_sees(access, found.reads):
        raise not_found("execution", execution_id)
    return found


async def _completed(access: Access, execution_id: UUID) -> Execution:
    found = await _owned(access, execution_id)
    if found.status == "completed":
        return found
    if found.finished:
        raise FlowForgeError(
            ErrorCode.CONFLICT, f"The execution is {found.status} and has no result.", hint="Read its status."
        )
    raise FlowForgeError(
        ErrorCode.CONFLICT, f"The execution is {found.status}.", hint="Ask again once it is completed."
    )
