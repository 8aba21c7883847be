"""Fetching what the rest of a plan is worked out from: all statements and look-ups at once, bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from flowforge.compiler.residual import Lookup, Part
from flowforge.errors import ErrorCode, FlowForgeError, StoreError
from flowforge.relation import Relation, Scan
from flowforge.residual.rows import Lazy, Rows
from flowforge.stores import export
from flowforge.stores.limits import Limits

if TYPE_CHECKING:
    import polars as pl

    from flowforge.compiler import Plan, Statement


@dataclass(frozen=True)
class Fetched:
    """The rows of each part by the identity of its relation (or scan), of each looked-up table by its name."""

    parts: dict[int, Rows]
    lookups: dict[str, Rows]

    def part(self, relation: Relation) -> Rows | None:
        """The rows of a relation that a statement gave."""
        return self.parts.get(id(relation))

    def scan(self, scan: Scan) -> Rows:
        """The rows of a table whose SELECT is worked out here."""
        fetched = self.parts.get(id(scan))
        return fetched if fetched is not None else self.lookups[scan.table.qualified_name]


async def fetch(plan: Plan, limits: Limits) -> Fetched:
    """Everything at once; the first failure cancels the others. ``FlowForgeError`` names the node."""
    assert plan.residual is not None
    parts, lookups = plan.residual.parts, plan.residual.lookups
    try:
        async with asyncio.TaskGroup() as group:
            running = [
                group.create_task(_blamed(part.node, _part(plan.statements[part.statement], part, limits)))
                for part in parts
            ]
            looking = [group.create_task(_blamed(lookup.node, _lookup(lookup, limits))) for lookup in lookups]
    except* FlowForgeError as failed:
        raise _first(failed) from None
    return Fetched(
        {id(part.relation): task.result() for part, task in zip(parts, running, strict=True)},
        {lookup.table.qualified_name: task.result() for lookup, task in zip(lookups, looking, strict=True)},
    )


def _first(failed: BaseExceptionGroup[FlowForgeError]) -> FlowForgeError:
    first = failed.exceptions[0]
    return first if isinstance(first, FlowForgeError) else _first(first)


async def _blamed(node: str, work: Awaitable[Rows]) -> Rows:
    """The rows, whose failing – now, or when a column of them is read – is the node's."""
    try:
        rows = await work
    except FlowForgeError as error:
        raise error.at(node) from None
    return Rows(Lazy({name: partial(_column, rows, name, node) for name in rows.columns}), rows.height)


def _column(rows: Rows, name: str, node: str) -> pl.Series:
    try:
        return rows.columns[name]
    except FlowForgeError as error:
        raise error.at(node) from None


async def _part(statement: Statement, part: Part, limits: Limits) -> Rows:
    """The rows of one statement, as Arrow: nothing passes through a float on the way."""
    pieces: list[bytes] = []
    size = 0
    stream = await export(statement, limits, part.columns, "arrow")
    async with aclosing(stream) as chunks:
        async for piece in chunks:
            size += len(piece)
            if size > limits.memory_bytes:
                raise _too_many(part, f"{limits.memory_bytes // 1_000_000} MB")
            pieces.append(piece)
    rows = await asyncio.to_thread(_read, b"".join(pieces), part)
    if rows.height > limits.rows_fetched:
        raise _too_many(part, f"{limits.rows_fetched:,} rows")
    return rows


def _too_many(part: Part, limit: str) -> StoreError:
    return StoreError(
        ErrorCode.QUERY_ROWS,
        f"More than {limit} would have to be fetched from here before they meet rows of another store.",
        node_id=part.node,
        hint="Filter or aggregate before the join.",
    )


def _read(stream: bytes, part: Part) -> Rows:
    import pyarrow as pa

    from flowforge.residual.arrow_columns import rows_of

    with pa.ipc.open_stream(stream) as reader:
        return rows_of(reader.read_all(), part.columns)


async def _lookup(lookup: Lookup, limits: Limits) -> Rows:
    table = lookup.table
    if table.store == "redis":
        from flowforge.residual.lookups import rows_of_texts
        from flowforge.stores import latest

        return rows_of_texts(table, await latest.read(table.name, lookup.access, limits, lookup.symbols))
    from flowforge.residual.arrow_columns import rows_of
    from flowforge.stores import uploads

    read = await asyncio.to_thread(uploads.read, table, lookup.access.tenant_id, lookup.columns)
    return rows_of(read, lookup.columns)
