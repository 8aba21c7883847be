"""The catalogue of this process: discovered on first use, then every 60 s in the background, and soon after
another process has found it changed (``schema.changes``).

A stale catalogue keeps answering while a new one is read, and a store that is away keeps its last
known tables: querying them then says that the store is away, not that the table is unknown.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import UTC, datetime

from flowforge.catalog import Catalog, Table
from flowforge.errors import ErrorCode, StoreError
from flowforge.records import dataclass
from flowforge.schema.changes import mark, renew_mark, try_announce
from flowforge.schema.declared import DECLARED, ORDER_KEY, TRADE_ORDER, Declared
from flowforge.schema.engine_types import (
    clickhouse_type,
    enum_values,
    postgres_type,
    stored_as_datetime64,
    stored_otherwise,
    stored_unsigned,
)
from flowforge.schema.looked_up import looked_up_tables
from flowforge.schema.own import changed, with_own_tables
from flowforge.schema.rollups import ROLLUPS
from flowforge.stores.discovery import FoundTable, clickhouse_tables, live_tables
from flowforge.tenancy import Access
from flowforge.types import Column

log = logging.getLogger(__name__)

REFRESH_SECONDS = 60.0
RETRY_SECONDS = 5.0
"""How soon a discovery is repeated when a store did not answer."""
LOOK_SECONDS = 1.0
"""How often a process that is asked looks whether another one has found the schema changed."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A catalogue with row counts and the moment it was read (UTC)."""

    catalog: Catalog
    rows: Mapping[str, int]
    refreshed_at: datetime
    missing_stores: frozenset[str] = frozenset()


@dataclass
class _State:
    snapshot: Snapshot | None = None
    expires: float = 0.0
    reading: asyncio.Task[Snapshot] | None = None
    telling: asyncio.Task[None] | None = None
    looking: asyncio.Task[None] | None = None
    look_again: float = 0.0
    mark: bytes | None = None
    narrowed: dict[tuple[str, int, str, int], Catalog] = field(default_factory=dict)


_state = _State()


async def snapshot() -> Snapshot:
    """The current catalogue; waits for a discovery only if there has been none yet."""
    if _state.snapshot is None:
        return await asyncio.shield(_start())
    now = time.monotonic()
    if now > _state.expires:
        _start()
    elif now > _state.look_again:
        _state.look_again = now + LOOK_SECONDS
        _state.looking = asyncio.get_running_loop().create_task(_look())
    return _state.snapshot


async def refresh() -> Snapshot:
    """Read the engines' catalogues now; concurrent callers share one reading.

    ``StoreError`` (503) if no store answers and nothing is known from before.
    """
    found = await asyncio.shield(_start())
    if _state.telling is not None:
        await asyncio.shield(_state.telling)
    return found


async def refresh_everywhere() -> None:
    """Read again here, and soon in every other process that is asked."""
    await refresh()
    await renew_mark()


async def catalog_for(access: Access) -> Catalog:
    """What this tenant may know exists."""
    known = (await snapshot()).catalog
    key = (access.tenant_id, access.version, known.version, changed(access))
    narrowed = _state.narrowed.get(key)
    if narrowed is None:
        if len(_state.narrowed) >= 1_000:
            _state.narrowed.clear()
        narrowed = _state.narrowed[key] = with_own_tables(known.visible_to(access), access)
    return narrowed


def _start() -> asyncio.Task[Snapshot]:
    if _state.reading is None or _state.reading.done():
        _state.reading = asyncio.get_running_loop().create_task(_read())
        _state.reading.add_done_callback(_log_failure)
    return _state.reading


def _log_failure(task: asyncio.Task[Snapshot]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.warning("The catalogue could not be read", exc_info=task.exception())


async def _look() -> None:
    """Read again, if the schema was announced to have changed since the last reading."""
    seen = await mark()
    if seen is not None and seen != _state.mark:
        _state.mark = seen
        _start()


async def _read() -> Snapshot:
    begun = datetime.now(UTC)
    found = await asyncio.gather(clickhouse_tables(), live_tables(), return_exceptions=True)
    tables: dict[str, Table] = dict(looked_up_tables())
    rows: dict[str, int] = {}
    missing: set[str] = set()
    for store, answer in zip(("clickhouse", "postgres"), found, strict=True):
        if isinstance(answer, StoreError):
            missing.add(store)
            tables |= _last_known(store)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            declared = {name: each for name, each in DECLARED.items() if each.store == store}
            for table, count in _declared_tables(answer, declared):
                tables[table.qualified_name] = table
                if count is not None:
                    rows[table.qualified_name] = count
    _state.expires = time.monotonic() + (RETRY_SECONDS if missing else REFRESH_SECONDS)
    if len(missing) == len(found) and not (tables.keys() - looked_up_tables().keys()):
        raise StoreError(ErrorCode.STORE_UNAVAILABLE, "No store is in reach.", hint="Try again shortly.")
    catalog = Catalog(tables, _version(tables.values()), ROLLUPS)
    _state.snapshot = Snapshot(catalog, rows, datetime.now(UTC), frozenset(missing))
    _state.telling = asyncio.get_running_loop().create_task(
        try_announce(catalog, _state.snapshot.missing_stores, begun)
    )
    return _state.snapshot


def _last_known(store: str) -> dict[str, Table]:
    if _state.snapshot is None:
        return {}
    return {name: table for name, table in _state.snapshot.catalog.tables.items() if table.store == store}


def _declared_tables(
    found: Iterable[FoundTable], declared: Mapping[str, Declared]
) -> Iterable[tuple[Table, int | None]]:
    by_place = {(each.schema, each.name): each for each in found}
    for name, each in declared.items():
        database, _, table = name.partition(".")
        physical = by_place.get(each.physical or (database, table))
        if physical is not None:
            yield _table(database, table, each, physical), physical.rows


def _table(database: str, name: str, declared: Declared, found: FoundTable) -> Table:
    normalise = clickhouse_type if declared.store == "clickhouse" else postgres_type
    order_key = _order_key(declared, found)
    hidden = declared.hidden if order_key is None else {*declared.hidden, order_key}
    columns = []
    for column, engine_type, nullable in found.columns:
        column_type = normalise(engine_type)
        if column_type is not None and column not in hidden:
            columns.append(Column(column, column_type, nullable))
    merge_tree = found.engine.endswith("MergeTree")
    return Table(
        database=database,
        name=name,
        store=declared.store,
        columns=tuple(columns),
        protection=declared.protection,
        physical=(found.schema, found.name),
        freshness=declared.freshness,
        time_column=declared.time_column,
        trade_order=declared.trade_order,
        order_key=order_key,
        sorting_key=found.sorting_key,
        prewhere=merge_tree,
        final=merge_tree and ("Replacing" in found.engine or "Aggregating" in found.engine),
        comment=found.comment,
        as_text=frozenset(
            column
            for column, engine_type, _ in found.columns
            if declared.store == "clickhouse" and stored_otherwise(engine_type)
        ),
        unsigned=frozenset(
            column
            for column, engine_type, _ in found.columns
            if declared.store == "clickhouse" and stored_unsigned(engine_type)
        ),
        datetime64=frozenset(
            column
            for column, engine_type, _ in found.columns
            if declared.store == "clickhouse" and stored_as_datetime64(engine_type)
        ),
        since_1970=declared.since_1970,
        enums={
            column: values
            for column, engine_type, _ in found.columns
            if declared.store == "clickhouse" and (values := enum_values(engine_type))
        },
        computed=declared.computed,
        adjustable=declared.adjustable,
    )


def _order_key(declared: Declared, found: FoundTable) -> str | None:
    """The column that orders as the trade order does, where the table has one."""
    if declared.store != "clickhouse" or declared.trade_order != TRADE_ORDER:
        return None
    return next((name for name, _, _ in found.columns if name == ORDER_KEY), None)


def _version(tables: Iterable[Table]) -> str:
    """Changes whenever a table, a column or a protection does."""
    text = "\n".join([*sorted(map(_content, tables)), repr(ROLLUPS)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _content(table: Table) -> str:
    """All of a table; sets are put into an order, which their repr has not."""
    enums = {name: sorted(values) for name, values in sorted(table.enums.items())}
    sets = {
        "as_text": table.as_text,
        "unsigned": table.unsigned,
        "datetime64": table.datetime64,
        "since_1970": table.since_1970,
    }
    nothing: frozenset[str] = frozenset()
    bare = replace(table, as_text=nothing, unsigned=nothing, datetime64=nothing, since_1970=nothing, enums={})
    return repr((bare, {name: sorted(values) for name, values in sets.items()}, enums))
