"""The serving layer's tables as they were announced last."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import orjson

from flowforge.metadata.pool import metadata_pool
from flowforge.metadata.telling import Telling, telling
from flowforge.records import dataclass

Tables = dict[str, dict[str, str]]
"""Table → column → type."""

CHANGED = "flowforge.schema.changed.v1"
_READ = "SELECT database, tables, announced_at FROM announced_schemas"
_LOCK = "LOCK TABLE announced_schemas IN SHARE ROW EXCLUSIVE MODE"
_WRITE = """
    INSERT INTO announced_schemas (database, tables) VALUES ($1, $2)
    ON CONFLICT (database) DO UPDATE SET tables = excluded.tables, announced_at = now()
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A database as it was announced."""

    tables: Tables
    announced_at: datetime


class Kept:
    """What is known, in a transaction that nobody else changes it in."""

    def __init__(self, open_: Telling, known: Mapping[str, Known]) -> None:
        self._open = open_
        self.known = known

    async def write(self, database: str, tables: Tables) -> None:
        """How a database is now."""
        await self._open.connection.execute(_WRITE, database, orjson.dumps(tables).decode())

    async def announce(
        self, database: str, added: Sequence[str], removed: Sequence[str], altered: Sequence[str]
    ) -> None:
        """Tell of the difference once the transaction is committed."""
        data = {"database": database, "added": [*added], "removed": [*removed], "altered": [*altered]}
        await self._open.announce(CHANGED, subject=database, tenant=None, data=data)


async def announced_schemas() -> dict[str, Tables]:
    """Tables by database."""
    rows = await (await metadata_pool()).fetch(_READ)
    return {row["database"]: orjson.loads(row["tables"]) for row in rows}


@asynccontextmanager
async def writing_schemas() -> AsyncIterator[Kept]:
    """One at a time: what is known, to be compared and written."""
    async with telling() as open_:
        await open_.connection.execute(_LOCK)
        rows = await open_.connection.fetch(_READ)
        yield Kept(
            open_,
            {row["database"]: Known(orjson.loads(row["tables"]), row["announced_at"]) for row in rows},
        )
