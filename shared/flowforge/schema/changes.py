"""Telling that tables or columns came, went or changed: ``flowforge.schema.changed``, once per difference.

Every process that reads the engines' catalogues compares them with what was announced last, which the metadata
keeps; the first to find a difference announces it in the transaction that writes the new state. All others learn
from a mark in Redis that theirs is old, and read again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex

from flowforge.catalog import Catalog, Store
from flowforge.errors import StoreError
from flowforge.metadata.schemas import Tables, announced_schemas, writing_schemas
from flowforge.records import dataclass
from flowforge.stores.cache import cache

log = logging.getLogger(__name__)

DISCOVERED: frozenset[Store] = frozenset({"clickhouse", "postgres"})
"""Stores whose tables are theirs to change; the layout of the others is our own."""
MARK = "flowforge:schema:mark"
MARK_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Change:
    """What is different in one database; ``altered`` are ``table.column`` names."""

    database: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    altered: tuple[str, ...]


def described(catalog: Catalog, missing: frozenset[str]) -> dict[str, Tables]:
    """Each database's tables with their columns and types, as far as their store was there to be asked."""
    found: dict[str, Tables] = {}
    for table in catalog.tables.values():
        if table.store in DISCOVERED and table.store not in missing:
            columns = {
                column.name: f"{column.type}{'?' if column.nullable else ''}" for column in table.columns
            }
            found.setdefault(table.database, {})[table.name] = columns
    return found


def change(database: str, before: Tables, after: Tables) -> Change | None:
    """The difference; None where there is none."""
    altered = [
        f"{table}.{column}"
        for table, columns in after.items()
        if table in before
        for column in sorted({*columns, *before[table]})
        if columns.get(column) != before[table].get(column)
    ]
    found = Change(
        database,
        tuple(sorted(after.keys() - before.keys())),
        tuple(sorted(before.keys() - after.keys())),
        tuple(altered),
    )
    return found if found.added or found.removed or found.altered else None


async def announce_changes(catalog: Catalog, missing: frozenset[str], read_at: datetime) -> list[Change]:
    """Compare with what was announced last, and announce what is different; nothing at the very first time.

    A catalogue that was read before the last announcement says nothing about it.
    """
    now = described(catalog, missing)
    if not _differ(await announced_schemas(), now):
        return []
    async with writing_schemas() as kept:
        found = []
        for database, tables in now.items():
            before = kept.known.get(database)
            if before is not None and before.announced_at > read_at:
                continue
            found_here = change(database, before.tables if before else {}, tables)
            if found_here is None:
                continue
            await kept.write(database, tables)
            if kept.known:
                found.append(found_here)
                await kept.announce(database, found_here.added, found_here.removed, found_here.altered)
    if found:
        log.info("The schema changed: %s", found)
        await renew_mark()
    return found


def _differ(known: Mapping[str, Tables], now: Mapping[str, Tables]) -> bool:
    return any(known.get(database) != tables for database, tables in now.items())


async def mark() -> bytes | None:
    """What changes with every announced change; None while Redis is away, or before the first."""
    (found,) = await (await cache()).get_many([MARK])
    return found


async def renew_mark() -> None:
    """Have every process read the catalogues again."""
    await (await cache()).put({MARK: token_hex(8).encode()}, MARK_SECONDS)


async def try_announce(catalog: Catalog, missing: frozenset[str], read_at: datetime) -> None:
    """The same for somebody whose own work does not depend on it: a failure is logged."""
    try:
        await announce_changes(catalog, missing, read_at)
    except StoreError as away:
        log.warning("What changed in the schema could not be announced: %s", away)
