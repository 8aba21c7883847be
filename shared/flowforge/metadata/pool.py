"""A small asyncpg pool on the metadata, for the reads on the path of every request."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import asyncpg

from flowforge.errors import ErrorCode, StoreError
from flowforge.resources import resource
from flowforge.settings import settings

log = logging.getLogger(__name__)

MAX_CONNECTIONS = 4
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
            log.warning("The metadata cannot be read", exc_info=failure)
            raise StoreError(
                ErrorCode.STORE_UNAVAILABLE, "The metadata store is out of reach.", hint="Try again shortly."
            ) from failure

    async def fetch_one(self, query: str, *arguments: Any) -> asyncpg.Record | None:
        """The first row, or None."""
        rows = await self.fetch(query, *arguments)
        return rows[0] if rows else None

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.close()


@resource
async def metadata_pool() -> MetadataPool:
    """The process's pool; nothing is connected until the first query."""
    pool = asyncpg.create_pool(
        settings().meta_dsn.get_secret_value(),
        min_size=0,
        max_size=MAX_CONNECTIONS,
        timeout=CONNECT_SECONDS,
        connection_class=_PlainConnection,
        command_timeout=STATEMENT_SECONDS,
        server_settings={"application_name": "flowforge", "default_transaction_read_only": "on"},
    )
    return MetadataPool(await pool)
