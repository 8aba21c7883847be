"""Small asyncpg pools on the metadata: one that reads on the path of every request, one that writes.

Neither loads SQLAlchemy, whose import takes longer than the cold start of a function may.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from flowforge.errors import ErrorCode, FlowForgeError, StoreError
from flowforge.resources import resource
from flowforge.settings import settings

log = logging.getLogger(__name__)

MAX_CONNECTIONS = 4
MAX_WRITERS = 2
CONNECT_SECONDS = 5.0
STATEMENT_SECONDS = 5.0


class _PlainConnection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """Single reads leave no session state behind, so nothing has to be reset after each."""

    def get_reset_query(self) -> str:
        return ""


class MetadataPool:
    """Reads of the metadata; connections are opened on demand and kept for five minutes."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def fetch(self, query: str, *arguments: Any) -> Sequence[asyncpg.Record]:
        """The rows of a query; ``StoreError`` (503) when PostgreSQL is out of reach."""
        try:
            return await self._pool.fetch(query, *arguments)  # type: ignore[no-any-return]
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as failure:
            raise _out_of_reach(failure) from failure

    async def fetch_one(self, query: str, *arguments: Any) -> asyncpg.Record | None:
        """The first row, or None."""
        rows = await self.fetch(query, *arguments)
        return rows[0] if rows else None

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.close()

    def acquire(self) -> Any:
        """A connection for the length of a block."""
        return self._pool.acquire(timeout=CONNECT_SECONDS)


@resource
async def metadata_pool() -> MetadataPool:
    """The process's pool for reads; nothing is connected until the first query."""
    dsn = settings().meta_dsn.get_secret_value()
    return await open_pool(dsn, MAX_CONNECTIONS, default_transaction_read_only="on")


@resource
async def _writers() -> MetadataPool:
    return await open_pool(settings().meta_dsn.get_secret_value(), MAX_WRITERS)


@asynccontextmanager
async def writing() -> AsyncIterator[asyncpg.Connection]:
    """A connection in a transaction, with the errors of ``transaction_of``."""
    async with transaction_of(await _writers()) as connection:
        yield connection


@asynccontextmanager
async def transaction_of(pool: MetadataPool) -> AsyncIterator[asyncpg.Connection]:
    """A connection in a transaction: committed at the end, rolled back on any error.

    ``CONFLICT`` (409) when a reference broke; ``StoreError`` (503) when PostgreSQL is out of reach.
    """
    try:
        async with pool.acquire() as connection, connection.transaction():
            yield connection
    except asyncpg.IntegrityConstraintViolationError as broken:
        raise FlowForgeError(
            ErrorCode.CONFLICT,
            "Something this refers to was changed at the same moment.",
            hint="Load it again and repeat the change.",
        ) from broken
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as failure:
        raise _out_of_reach(failure) from failure


async def open_pool(dsn: str, most: int, **server_settings: str) -> MetadataPool:
    """A pool of at most ``most`` connections, opened on demand."""
    pool = asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=most,
        timeout=CONNECT_SECONDS,
        connection_class=_PlainConnection,
        command_timeout=STATEMENT_SECONDS,
        server_settings={"application_name": "flowforge", **server_settings},
    )
    return MetadataPool(await pool)


def _out_of_reach(failure: BaseException) -> StoreError:
    log.warning("The metadata store is out of reach", exc_info=failure)
    return StoreError(
        ErrorCode.STORE_UNAVAILABLE, "The metadata store is out of reach.", hint="Try again shortly."
    )
