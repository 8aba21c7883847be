"""Materialize, or PostgreSQL in its place, over the PostgreSQL wire protocol."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson

from flowforge.resources import resource
from flowforge.settings import settings
from flowforge.stores.arrow import record_batches
from flowforge.stores.clickhouse import ExportFormat, Place
from flowforge.stores.csv import cells_of, header_of
from flowforge.stores.failures import postgres_failure, unavailable
from flowforge.stores.limits import Limits
from flowforge.stores.rows import Rows
from flowforge.stores.values import Encoder, encoder
from flowforge.types import Schema

if TYPE_CHECKING:
    from flowforge.compiler import Statement

log = logging.getLogger(__name__)

MAX_CONNECTIONS = 8
BATCH_ROWS = 2_000
GRACE_SECONDS = 1.0


class _PlainConnection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """Read-only transactions leave no session state behind, so nothing has to be reset after each.

    Materialize would not even know ``pg_advisory_unlock_all``, ``UNLISTEN`` and ``RESET ALL``.
    """

    def get_reset_query(self) -> str:
        return ""


class LivePool:
    """Read-only connections to the live store."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    async def aclose(self) -> None:
        """Close all connections."""
        await self.pool.close()


@resource
async def live_pool() -> LivePool:
    """The process's pool; nothing is connected until the first query."""
    materialize = settings().live_engine == "materialize"
    pool = asyncpg.create_pool(
        settings().live_dsn.get_secret_value(),
        min_size=0,
        max_size=MAX_CONNECTIONS,
        timeout=3.0,
        connection_class=_PlainConnection,
        server_settings={"application_name": "flowforge", "TimeZone": "UTC"}
        | ({} if materialize else {"default_transaction_read_only": "on", "search_path": "pg_catalog"}),
    )
    return LivePool(await pool)


async def read(statement: Statement, limits: Limits, columns: Schema) -> Rows:
    """A page of rows; the engine's time limit is ``limits.seconds``."""
    encoders = [encoder(column.type) for column in columns]
    async with _reading(limits) as connection:
        records = await connection.fetch(statement.sql)
    return Rows(b"\n".join(orjson.dumps(row) for row in _encoded(records, encoders)))


async def export(
    statement: Statement, limits: Limits, columns: Schema, export_format: ExportFormat
) -> AsyncIterator[bytes]:
    """The whole result, a batch at a time through a cursor."""
    writer = _csv(columns) if export_format == "csv" else record_batches(columns)
    yield next(writer)  # the header
    async with _reading(limits) as connection:
        cursor = await connection.cursor(statement.sql)
        while records := await cursor.fetch(BATCH_ROWS):
            yield writer.send(records)
    last = writer.send([])
    if last:
        yield last


async def estimate(statement: Statement, limits: Limits) -> dict[Place, int]:
    """Rows that the planner expects to read, by table; nothing is read. Materialize's plans say no rows."""
    if settings().live_engine == "materialize":
        return {}
    async with _reading(limits) as connection:
        (record,) = await connection.fetch(f"EXPLAIN (VERBOSE, FORMAT JSON) {statement.sql}")
    found: dict[Place, int] = {}
    stack = [each["Plan"] for each in orjson.loads(record[0])]
    while stack:
        node = stack.pop()
        stack += node.get("Plans", ())
        if "Relation Name" in node:
            place = (str(node.get("Schema", "")), str(node["Relation Name"]))
            found[place] = found.get(place, 0) + int(node["Plan Rows"])
    return found


async def query_own(sql: str, limits: Limits) -> list[tuple[Any, ...]]:
    """Rows of one of our own constant queries on the engine's catalogue."""
    async with _reading(limits) as connection:
        return [tuple(record) for record in await connection.fetch(sql)]


@asynccontextmanager
async def _reading(limits: Limits) -> AsyncIterator[asyncpg.Connection]:
    """A connection in a read-only transaction under a time limit; errors become ours."""
    try:
        pool = (await live_pool()).pool
        async with pool.acquire(timeout=limits.seconds) as connection, connection.transaction(readonly=True):
            await connection.execute(f"SET LOCAL statement_timeout = {int(limits.seconds * 1000)}")
            yield connection
    except asyncpg.PostgresError as refused:
        raise postgres_failure(refused.sqlstate, refused, limits) from refused
    except (OSError, TimeoutError, asyncpg.InterfaceError) as gone:
        raise unavailable("live", gone) from gone


def _encoded(records: Iterable[Any], encoders: Sequence[Encoder]) -> Iterable[list[Any]]:
    for record in records:
        yield [
            None if value is None else encode(value) for value, encode in zip(record, encoders, strict=True)
        ]


def _csv(columns: Schema) -> Any:
    """A generator of CSV: yields the header, then the text of each batch that is sent to it."""
    encoders = [encoder(column.type) for column in columns]
    records = yield header_of(columns)
    while True:
        records = yield cells_of(_encoded(records, encoders), columns)
