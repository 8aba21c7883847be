"""Which store runs a statement. What is not verified is not executed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from typing import TYPE_CHECKING, Any

from flowforge.errors import ErrorCode, StoreError
from flowforge.metrics import QUERY_SECONDS
from flowforge.stores.limits import Limits
from flowforge.stores.rows import Rows
from flowforge.trace import spans
from flowforge.types import Schema

if TYPE_CHECKING:
    from flowforge.compiler import Statement
    from flowforge.stores.clickhouse import ExportFormat, Place


async def read(statement: Statement, limits: Limits, columns: Schema) -> Rows:
    """A page of rows from the store that the statement names."""
    store = _store_of(statement)
    with (
        QUERY_SECONDS.timed(statement.store),
        spans.below("query", "client", **{"db.system": statement.store}),
    ):
        rows: Rows = await store.read(statement, limits, columns)
    return rows


async def export(
    statement: Statement, limits: Limits, columns: Schema, export_format: ExportFormat
) -> AsyncGenerator[bytes, None]:
    """The whole result as a stream.

    The first piece is awaited here, so that a query that fails at once answers with its own status
    instead of breaking off a stream.
    """
    pieces = _store_of(statement).export(statement, limits, columns, export_format)
    first = await anext(pieces, b"")

    async def chunks() -> AsyncGenerator[bytes, None]:
        try:
            yield first
            async for piece in pieces:
                yield piece
        finally:
            await pieces.aclose()

    return chunks()


async def estimate(statement: Statement, limits: Limits) -> Mapping[Place, int]:
    """How many rows of which tables the store's planner would read for a statement, which is not run."""
    planned: Mapping[Place, int] = await _store_of(statement).estimate(statement, limits)
    return planned


def _store_of(statement: Statement) -> Any:
    if not statement.verified:
        raise StoreError(
            ErrorCode.PLAN_NOT_VERIFIED,
            "This plan was not verified and is not run.",
            hint="Report the trace id.",
        )
    match statement.store:
        case "clickhouse":
            from flowforge.stores import clickhouse

            return clickhouse
        case "postgres":
            from flowforge.stores import postgres

            return postgres
        case _:
            raise StoreError(
                ErrorCode.UNSUPPORTED_IN_STORE, f"Tables of store {statement.store!r} cannot be queried here."
            )
