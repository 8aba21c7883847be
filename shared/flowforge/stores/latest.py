"""Redis point look-ups: the newest value of something, one hash per thing. This is where the layout is defined.

    latest:vwap:<symbol>                         hash    the newest five-minute window of a symbol
    latest:vwap                                  set     the symbols that have one
    latest:volatility:<symbol>                   hash    the newest minute's rolling volatility of a symbol
    latest:volatility                            set     the symbols that have one
    latest:position:<tenant>:<account>:<symbol>  hash    a tenant's position; ``account`` and ``symbol`` are fields too
    latest:position:<tenant>                     set     what follows the tenant and its colon, of each position

Fields are text: decimals in plain digits, times in ISO 8601. A field that is missing or empty is NULL.
Writers add to the set in the same transaction in which they write the hash, and take from it when they
delete the hash. Where there is no set, the keys are looked for, up to ``MAX_SCANNED``.

A key is only ever made from the caller's own tenant, or from a symbol that the caller may see: there is
no way to name another one.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

from flowforge.errors import ErrorCode, StoreError
from flowforge.records import dataclass
from flowforge.resources import resource
from flowforge.stores.failures import failure, unavailable
from flowforge.stores.limits import Limits
from flowforge.stores.resp import Client, ReplyError, connect
from flowforge.tenancy import EVERYTHING, TENANT_ID, Access
from flowforge.types import Column, ColumnType, Schema

log = logging.getLogger(__name__)

MAX_KEYS = 50_000
MAX_SCANNED = 200_000
AT_ONCE = 1_000
"""Keys that are read in one round trip."""
TIMEOUT_SECONDS = 2.0


def _schema(keys: str, **fields: str) -> Schema:
    named = [Column(key, ColumnType("string")) for key in keys.split()]
    return (*named, *[Column(name, ColumnType.parse(text), nullable=True) for name, text in fields.items()])


@dataclass(frozen=True, slots=True)
class Layout:
    """A table of look-ups. ``by_tenant``: its keys begin with the tenant, else they are symbols."""

    prefix: str
    columns: Schema
    by_tenant: bool
    comment: str


LAYOUTS: Mapping[str, Layout] = {
    "latest.vwap": Layout(
        "latest:vwap",
        _schema(
            "symbol",
            vwap="decimal(38,12)",
            volume="decimal(38,4)",
            trade_count="int64",
            spread_bps="decimal(18,4)",
            notional="decimal(38,10)",
            window_end="datetime",
            available_at="datetime",
        ),
        by_tenant=False,
        comment="Newest five-minute VWAP per symbol",
    ),
    "latest.volatility": Layout(
        "latest:volatility",
        _schema(
            "symbol",
            volatility_1h="decimal(18,8)",
            volatility_24h="decimal(18,8)",
            return_pct="decimal(18,8)",
            returns_1h="int64",
            returns_24h="int64",
            window_end="datetime",
            available_at="datetime",
        ),
        by_tenant=False,
        comment="Newest rolling volatility per symbol",
    ),
    "latest.position": Layout(
        "latest:position",
        _schema(
            "tenant_id account symbol",
            net_qty="decimal(18,4)",
            average_cost="decimal(38,12)",
            net_cash_flow="decimal(38,10)",
            realized_pnl="decimal(38,10)",
            fees="decimal(38,10)",
            trade_count="int64",
            last_update="datetime",
        ),
        by_tenant=True,
        comment="Newest position per account and symbol, from the tenant's own fills",
    ),
}
"""By the table's name in the database ``redis``."""


@resource
async def latest_client() -> Client:
    """The process's connection for look-ups; connects on first use."""
    return connect(TIMEOUT_SECONDS)


Row = Mapping[str, str | None]


async def read(
    table: str, access: Access, limits: Limits, symbols: frozenset[str] | None = None
) -> list[Row]:
    """One row per hash that the access allows, in the order of the keys.

    ``symbols``: only those of a table of symbols, as far as they are allowed.
    """
    layout = LAYOUTS[table]
    try:
        client = await latest_client()
        keys = sorted(await _keys(client, layout, access, limits, symbols))
        return [row async for row in _rows(client, layout, access, keys)]
    except ReplyError as refused:
        if not str(refused).startswith("WRONGTYPE"):
            raise unavailable("redis", refused) from refused
        log.warning("Redis refused a look-up in %s", table, exc_info=refused)
        raise StoreError(
            ErrorCode.QUERY_FAILED, f"A key of redis.{table} does not hold what it should."
        ) from refused
    except OSError as gone:
        raise unavailable("redis", gone) from gone


async def _keys(
    client: Client, layout: Layout, access: Access, limits: Limits, symbols: frozenset[str] | None
) -> set[str]:
    """What stands behind the prefix (and the tenant) in the keys that may be read."""
    if layout.by_tenant:
        assert TENANT_ID.match(access.tenant_id), "a tenant's name has no colon and no wildcard"
        found = await _listed(client, f"{layout.prefix}:{access.tenant_id}")
    elif symbols is not None:
        found = {symbol for symbol in symbols if symbol in access.symbols}
    elif access.symbols is EVERYTHING:
        found = await _listed(client, layout.prefix)
    else:
        assert isinstance(access.symbols, frozenset)
        found = set(access.symbols)
    if len(found) > MAX_KEYS:
        raise failure(ErrorCode.QUERY_ROWS, limits)
    return found


async def _listed(client: Client, prefix: str) -> set[str]:
    """The members of the set, or the endings of the keys that are there if there is no set."""
    members = {member.decode() for member in await client("SMEMBERS", prefix)}
    if members:
        return members
    scanned, cursor = 0, b"0"
    pattern = ("MATCH", f"{prefix}:*", "COUNT", AT_ONCE, "TYPE", "HASH")
    while True:
        cursor, keys = await client("SCAN", cursor, *pattern)
        members |= {key.decode()[len(prefix) + 1 :] for key in keys}
        scanned += AT_ONCE
        if cursor == b"0" or scanned >= MAX_SCANNED:
            return members


async def _rows(client: Client, layout: Layout, access: Access, keys: Sequence[str]) -> AsyncIterator[Row]:
    head = f"{layout.prefix}:{access.tenant_id}" if layout.by_tenant else layout.prefix
    for batch in _batches(keys):
        answers = await client.all([("HGETALL", f"{head}:{key}") for key in batch])
        for key, answer in zip(batch, answers, strict=True):
            if answer:
                texts = (each.decode() for each in answer)
                yield _row(layout, access, key, dict(zip(texts, texts, strict=True)))


def _batches(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


def _row(layout: Layout, access: Access, key: str, fields: Mapping[str, str]) -> Row:
    """Whose row it is is said by its key, whatever its fields say."""
    row: dict[str, str | None] = {column.name: fields.get(column.name) or None for column in layout.columns}
    if not layout.by_tenant:
        return row | {"symbol": key}
    account, _, symbol = key.partition(":")
    return row | {
        "tenant_id": access.tenant_id,
        "account": fields.get("account", account),
        "symbol": fields.get("symbol", symbol),
    }
