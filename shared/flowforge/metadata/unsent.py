"""What of the outbox the broker has not got yet, for whoever sends it. No SQLAlchemy: every function does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from flowforge.metadata.pool import writing
from flowforge.records import dataclass

_CLAIM = """
    SELECT sequence, id, kind, component, subject, tenant_id, data, traceparent
    FROM outbox WHERE refused IS NULL ORDER BY sequence LIMIT $1 FOR UPDATE SKIP LOCKED
"""
_DELETE = "DELETE FROM outbox WHERE sequence = ANY($1)"
_REFUSE = "UPDATE outbox SET refused = $2 WHERE sequence = $1"


@dataclass(frozen=True, slots=True)
class Unsent:
    """A row of the outbox: everything that the event's envelope needs."""

    sequence: int
    id: UUID
    kind: str
    component: str
    subject: str
    tenant: str | None
    data: dict[str, Any]
    traceparent: str | None


class Claim:
    """Rows that no other process sends at the same time; what is neither sent nor refused is kept."""

    def __init__(self, rows: Sequence[Unsent]) -> None:
        self.rows = rows
        self._sent: list[int] = []
        self._refused: list[tuple[int, str]] = []

    def sent(self, row: Unsent) -> None:
        """The broker has it."""
        self._sent.append(row.sequence)

    def refuse(self, row: Unsent, reason: str) -> None:
        """The broker will never take it."""
        self._refused.append((row.sequence, reason))

    async def finish(self, connection: asyncpg.Connection) -> None:
        """Delete what was sent, mark what was refused."""
        if self._sent:
            await connection.execute(_DELETE, self._sent)
        if self._refused:
            await connection.executemany(_REFUSE, self._refused)


@asynccontextmanager
async def claim(most: int) -> AsyncIterator[Claim]:
    """At most ``most`` unsent rows, oldest first, locked until the block ends.

    A block that is left by an error, or a process that dies in it, leaves all of them unsent: they are
    sent again under the same ids. ``StoreError`` (503) when PostgreSQL is out of reach.
    """
    async with writing() as connection:
        claimed = Claim([_unsent(row) for row in await connection.fetch(_CLAIM, most)])
        yield claimed
        await claimed.finish(connection)


def _unsent(row: asyncpg.Record) -> Unsent:
    return Unsent(
        row["sequence"],
        row["id"],
        row["kind"],
        row["component"],
        row["subject"],
        row["tenant_id"],
        orjson.loads(row["data"]),
        row["traceparent"],
    )
