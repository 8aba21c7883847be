"""Running a plan: its one statement, or all of them with the rest worked out in memory.

    read(plan, limits) -> Rows             a page, as JSON arrays
    stream(plan, limits, fmt) -> chunks    a whole result, as CSV or Arrow

What is worked out in memory is bounded by what was fetched for it (``Limits.rows_fetched``,
``memory_bytes``) and by the same time as everything else. Polars is loaded when it is first needed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from flowforge.errors import ErrorCode, FlowForgeError, StoreError
from flowforge.stores import Limits, Rows, export
from flowforge.stores import read as read_statement
from flowforge.stores.failures import failure

if TYPE_CHECKING:
    from flowforge.compiler import Plan
    from flowforge.residual import rows
    from flowforge.stores.clickhouse import ExportFormat

GRACE_SECONDS = 1.0
"""For the stores to say themselves that they met the limit, which names it better."""

T = TypeVar("T")


async def read(plan: Plan, limits: Limits) -> Rows:
    """A page of rows. ``FlowForgeError`` names the node where it can."""
    if plan.residual is None:
        (statement,) = plan.statements
        return await read_statement(statement, limits, plan.columns)
    from flowforge.residual.output import json_lines

    return await _evaluated(plan, limits, lambda found: json_lines(found, plan.columns))


async def stream(plan: Plan, limits: Limits, export_format: ExportFormat) -> AsyncIterator[bytes]:
    """The whole result; what fails at once raises here, before the first piece."""
    if plan.residual is None:
        (statement,) = plan.statements
        return await export(statement, limits, plan.columns, export_format)
    from flowforge.residual import output

    write = output.csv if export_format == "csv" else output.arrow

    def begun(found: rows.Rows) -> tuple[bytes, Iterator[bytes]]:
        for column in plan.columns:
            found.columns[column.name]
        pieces = write(found, plan.columns)
        return next(pieces), pieces

    first, pieces = await _evaluated(plan, limits, begun)
    return _chunks(first, pieces)


async def _chunks(first: bytes, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece


def _load() -> None:
    import polars  # noqa: F401 - only loaded
    import pyarrow  # noqa: F401


async def _evaluated(plan: Plan, limits: Limits, use: Callable[[rows.Rows], T]) -> T:
    """Fetch, work out, and use the rows, all within the limit of time (which loading Polars is not part of)."""
    from flowforge.formula.recursion import deep_recursion  # loads SQLGlot, which no cached answer needs
    from flowforge.residual.fetch import fetch
    from flowforge.residual.select import Evaluation

    residual = plan.residual
    assert residual is not None
    if not plan.verified:
        raise StoreError(
            ErrorCode.PLAN_NOT_VERIFIED,
            "This plan was not verified and is not run.",
            hint="Report the trace id.",
        )

    def work() -> T:
        with deep_recursion():
            return use(Evaluation(fetched, residual.as_of).rows(residual.relation))

    await asyncio.to_thread(_load)
    try:
        async with asyncio.timeout(limits.seconds + GRACE_SECONDS):
            fetched = await fetch(plan, limits)
            return await asyncio.to_thread(work)
    except TimeoutError:
        raise failure(ErrorCode.QUERY_TIMEOUT, limits) from None
    except FlowForgeError as error:
        plan.blame(error)
        raise
