"""The audit log in PostgreSQL: entries are added, one chain per tenant, and read; nothing else is possible.

Written with a role of its own (``FLOWFORGE_AUDIT_DSN``) that may insert entries and move the head on.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import asyncpg

from flowforge.metadata.audit_chain import BEGINNING, Entry, mac_of, seal_of
from flowforge.metadata.pool import MetadataPool, metadata_pool, open_pool, transaction_of
from flowforge.records import dataclass
from flowforge.resources import resource
from flowforge.settings import required_secret, settings

INSTALLATION = "*"
"""The chain of what belongs to no tenant. No tenant id contains this character."""

_COLUMNS = """tenant_id, number, event_id, source, at, recorded_at, actor, action, object, plan_hash, count,
    rows, elapsed_ms, previous, mac"""
_HEAD = "SELECT number, mac, seal FROM audit_heads WHERE tenant_id = $1"
_KNOWN = "SELECT number FROM audit_entries WHERE tenant_id = $1 AND source = $2 AND event_id = $3"
_APPEND = f"""
    INSERT INTO audit_entries ({_COLUMNS})
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
"""  # noqa: S608 - our own constants
_FIRST_HEAD = "INSERT INTO audit_heads (tenant_id, number, mac, seal) VALUES ($1, $2, $3, $4)"
_NEXT_HEAD = "UPDATE audit_heads SET number = $2, mac = $3, seal = $4 WHERE tenant_id = $1"
_PAGE = f"""
    SELECT {_COLUMNS} FROM audit_entries
    WHERE tenant_id = $1 AND ($2::bigint IS NULL OR number < $2) AND ($3::text IS NULL OR actor = $3)
        AND ($4::text IS NULL OR action = $4)
    ORDER BY number DESC LIMIT $5
"""  # noqa: S608
_CHAIN = f"SELECT {_COLUMNS} FROM audit_entries WHERE tenant_id = $1 ORDER BY number"  # noqa: S608
_CHAINS = "SELECT tenant_id FROM audit_entries UNION SELECT tenant_id FROM audit_heads ORDER BY 1"


@dataclass(frozen=True, slots=True)
class Linked:
    """An entry as it is stored: with the code of the one before it, and its own."""

    entry: Entry
    previous: bytes
    mac: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends."""

    number: int
    mac: bytes
    seal: bytes


def audit_key() -> bytes:
    """The installation's secret of the chain; 503 where none is set."""
    return required_secret("audit_secret", "The audit log has no key.").encode()


@resource
async def _writers() -> MetadataPool:
    dsn = settings().audit_dsn or settings().meta_dsn
    return await open_pool(dsn.get_secret_value(), most=2)


async def append(entry: Entry) -> Head:
    """Add an entry at the end of its tenant's chain, unless it is there already; gives the chain's head.

    Its ``number`` is given here. Entries of one tenant wait for each other, so that there is one order.
    """
    key = audit_key()
    async with transaction_of(await _writers()) as connection:
        await connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('audit ' || $1, 0))", entry.tenant_id
        )
        row = await connection.fetchrow(_HEAD, entry.tenant_id)
        if await connection.fetchval(_KNOWN, entry.tenant_id, entry.source, entry.event_id) is not None:
            return _head(row)
        number, previous = (1, BEGINNING) if row is None else (row["number"] + 1, row["mac"])
        entry = replace(entry, number=number)
        mac = mac_of(key, entry, previous)
        seal = seal_of(key, entry.tenant_id, number, mac)
        await connection.execute(_APPEND, *_values(entry), previous, mac)
        await connection.execute(
            _FIRST_HEAD if row is None else _NEXT_HEAD, entry.tenant_id, number, mac, seal
        )
    return Head(number, mac, seal)


async def page(
    tenant_id: str, before: int | None, actor: str | None, action: str | None, most: int
) -> Sequence[Linked]:
    """At most ``most`` entries of the tenant, newest first, numbered below ``before``."""
    rows = await (await metadata_pool()).fetch(_PAGE, tenant_id, before, actor, action, most)
    return [_linked(row) for row in rows]


async def chains() -> Sequence[str]:
    """Every tenant that has entries or a head."""
    return [row["tenant_id"] for row in await (await metadata_pool()).fetch(_CHAINS)]


@asynccontextmanager
async def reading(tenant_id: str) -> AsyncIterator[tuple[Head | None, AsyncIterator[Linked]]]:
    """A tenant's head and its entries in order, as of one moment, however many there are."""
    pool = await metadata_pool()
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        row = await connection.fetchrow(_HEAD, tenant_id)
        head = None if row is None else _head(row)
        yield head, _entries(connection, tenant_id)


async def _entries(connection: asyncpg.Connection, tenant_id: str) -> AsyncIterator[Linked]:
    async for row in connection.cursor(_CHAIN, tenant_id, prefetch=1_000):
        yield _linked(row)


def _head(row: asyncpg.Record) -> Head:
    return Head(row["number"], row["mac"], row["seal"])


def _values(entry: Entry) -> tuple[Any, ...]:
    return tuple(getattr(entry, name) for name in Entry.__dataclass_fields__)


def _linked(row: asyncpg.Record) -> Linked:
    entry = Entry(**{name: row[name] for name in Entry.__dataclass_fields__})
    return Linked(entry, row["previous"], row["mac"])
