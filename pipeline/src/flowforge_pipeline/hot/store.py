"""The hot lane's transaction: rows and offsets together, so that a message counts once.

Rows are locked in the order of their keys, whoever writes them: two writers wait, they do not deadlock.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from flowforge_pipeline.broker.position import Position
from flowforge_pipeline.hot.batch import NEVER, Batch, FillRow, Side, position_keys
from flowforge_pipeline.hot.positions import Fill, fold
from flowforge_pipeline.hot.positions import Position as Holding

if TYPE_CHECKING:
    import asyncpg

LOCK = 0x666C6F77  # "flow": one hot lane per database
_NO_SIDE = Side(None, None, NEVER)

_QUOTES = """
    INSERT INTO hot.venue_quotes AS v
        (symbol, venue, bid, bid_size, bid_ns, bid_sequence, ask, ask_size, ask_ns, ask_sequence)
    SELECT * FROM unnest($1::text[], $2::text[], $3::numeric[], $4::numeric[], $5::bigint[], $6::bigint[],
        $7::numeric[], $8::numeric[], $9::bigint[], $10::bigint[])
    ON CONFLICT (symbol, venue) DO UPDATE SET
        (bid, bid_size, bid_ns, bid_sequence) = (
            SELECT EXCLUDED.bid, EXCLUDED.bid_size, EXCLUDED.bid_ns, EXCLUDED.bid_sequence
            WHERE (EXCLUDED.bid_ns, EXCLUDED.bid_sequence) >= (v.bid_ns, v.bid_sequence)
            UNION ALL
            SELECT v.bid, v.bid_size, v.bid_ns, v.bid_sequence
            WHERE (EXCLUDED.bid_ns, EXCLUDED.bid_sequence) < (v.bid_ns, v.bid_sequence)),
        (ask, ask_size, ask_ns, ask_sequence) = (
            SELECT EXCLUDED.ask, EXCLUDED.ask_size, EXCLUDED.ask_ns, EXCLUDED.ask_sequence
            WHERE (EXCLUDED.ask_ns, EXCLUDED.ask_sequence) >= (v.ask_ns, v.ask_sequence)
            UNION ALL
            SELECT v.ask, v.ask_size, v.ask_ns, v.ask_sequence
            WHERE (EXCLUDED.ask_ns, EXCLUDED.ask_sequence) < (v.ask_ns, v.ask_sequence))
"""

_LASTS = """
    INSERT INTO hot.last_prices AS p (symbol, price, event_ns, sequence)
    SELECT * FROM unnest($1::text[], $2::numeric[], $3::bigint[], $4::bigint[])
    ON CONFLICT (symbol) DO UPDATE
    SET price = EXCLUDED.price, event_ns = EXCLUDED.event_ns, sequence = EXCLUDED.sequence
    WHERE (EXCLUDED.event_ns, EXCLUDED.sequence) >= (p.event_ns, p.sequence)
"""

_FILLS = """
    INSERT INTO hot.fills
        (tenant_id, fill_id, order_id, account, symbol, side, quantity, price, fee, multiplier, event_ns)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::numeric[],
        $8::numeric[], $9::numeric[], $10::numeric[], $11::bigint[])
    ON CONFLICT (tenant_id, fill_id) DO NOTHING
    RETURNING *
"""

_KEYS = "SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS k (tenant_id, account, symbol)"

_POSITIONS = f"""
    SELECT p.* FROM hot.positions AS p JOIN ({_KEYS}) AS k USING (tenant_id, account, symbol)
    ORDER BY tenant_id, account, symbol FOR UPDATE OF p
"""  # noqa: S608 - constants

_ALL_FILLS = f"""
    SELECT f.* FROM hot.fills AS f JOIN ({_KEYS}) AS k USING (tenant_id, account, symbol)
"""  # noqa: S608 - constants

_WRITE_POSITION = """
    INSERT INTO hot.positions
        (tenant_id, account, symbol, multiplier, net_qty, average_cost, open_cost, net_cash_flow, realized_pnl, fees,
         trade_count, last_ns, last_arrival, last_update)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
        timestamptz 'epoch' + $12::bigint / 1000 * interval '1 microsecond')
    ON CONFLICT (tenant_id, account, symbol) DO UPDATE SET
        multiplier = EXCLUDED.multiplier, net_qty = EXCLUDED.net_qty, average_cost = EXCLUDED.average_cost,
        open_cost = EXCLUDED.open_cost, net_cash_flow = EXCLUDED.net_cash_flow,
        realized_pnl = EXCLUDED.realized_pnl, fees = EXCLUDED.fees, trade_count = EXCLUDED.trade_count,
        last_ns = EXCLUDED.last_ns, last_arrival = EXCLUDED.last_arrival, last_update = EXCLUDED.last_update
"""

_PROGRESS = """
    INSERT INTO hot.progress (topic, partition, epoch, next_offset, seq)
    SELECT * FROM unnest($1::text[], $2::integer[], $3::text[], $4::bigint[], $5::bigint[])
    ON CONFLICT (topic, partition) DO UPDATE
    SET epoch = EXCLUDED.epoch, next_offset = EXCLUDED.next_offset, seq = EXCLUDED.seq
"""


class PositionKey(NamedTuple):
    """Whose position in what."""

    tenant_id: str
    account: str
    symbol: str


Positions = Mapping[PositionKey, Holding]


async def progress(connection: asyncpg.Connection) -> dict[tuple[str, int], Position]:
    """Where to go on: topic and partition → position."""
    rows = await connection.fetch("SELECT topic, partition, epoch, next_offset, seq FROM hot.progress")
    return {
        (row["topic"], row["partition"]): Position(row["epoch"], row["next_offset"], row["seq"])
        for row in rows
    }


async def positions(connection: asyncpg.Connection) -> Positions:
    """All positions, as they are."""
    return {_key(row): _position(row) for row in await connection.fetch("SELECT * FROM hot.positions")}


async def apply(connection: asyncpg.Connection, batch: Batch) -> Positions:
    """Write a batch and how far it reaches, or nothing; the positions it changed, as they are now."""
    async with connection.transaction():
        await _write_quotes(connection, batch)
        if batch.lasts:
            symbols = sorted(batch.lasts)
            lasts = [batch.lasts[symbol] for symbol in symbols]
            times = [last.time for last in lasts]
            await connection.execute(
                _LASTS, symbols, [last.price for last in lasts], *map(list, zip(*times, strict=True))
            )
        changed = await _write_fills(connection, batch.fills) if batch.fills else {}
        await _write_progress(connection, batch)
    return changed


async def _write_quotes(connection: asyncpg.Connection, batch: Batch) -> None:
    keys = batch.venue_quotes
    if not keys:
        return
    columns: list[list[object]] = [[symbol for symbol, _ in keys], [venue for _, venue in keys]]
    for sides in (batch.bids, batch.asks):
        found = [sides.get(key, _NO_SIDE) for key in keys]
        columns += [[side.price for side in found], [side.size for side in found]]
        columns += [[side.time[0] for side in found], [side.time[1] for side in found]]
    await connection.execute(_QUOTES, *columns)


async def _write_progress(connection: asyncpg.Connection, batch: Batch) -> None:
    places = sorted(batch.progress.items())
    if places:
        rows = [(topic, partition, *position) for (topic, partition), position in places]
        await connection.execute(_PROGRESS, *map(list, zip(*rows, strict=True)))


async def _write_fills(connection: asyncpg.Connection, fills: list[FillRow]) -> Positions:
    new = await connection.fetch(_FILLS, *map(list, zip(*fills, strict=True)))
    keys = position_keys(new)
    if not keys:
        return {}
    columns = list(map(list, zip(*keys, strict=True)))
    known = {_key(row): row for row in await connection.fetch(_POSITIONS, *columns)}
    added: dict[PositionKey, list[Fill]] = {PositionKey(*key): [] for key in keys}
    for row in new:
        added[_key(row)].append(_fill(row))
    late = [key for key, some in added.items() if key in known and _is_late(some, known[key])]
    if late:
        for key in late:
            added[key] = []
        for row in await connection.fetch(_ALL_FILLS, *map(list, zip(*late, strict=True))):
            added[_key(row)].append(_fill(row))
    changed: dict[PositionKey, Holding] = {}
    for key, some in added.items():
        start = _position(known[key]) if key in known and key not in late else None
        position = fold(some, start)
        assert position is not None, "a changed position has a fill"
        changed[key] = position
    await connection.executemany(_WRITE_POSITION, [_row(*item) for item in changed.items()])
    return changed


def _is_late(fills: list[Fill], position: Mapping[str, int]) -> bool:
    """A fill that belongs before one already counted: the position is folded anew from all of them."""
    return min(fill.order for fill in fills) < (position["last_ns"], position["last_arrival"])


def _key(row: Mapping[str, str]) -> PositionKey:
    return PositionKey(row["tenant_id"], row["account"], row["symbol"])


def _fill(row: Mapping[str, object]) -> Fill:
    values: dict[str, Decimal] = {
        name: Decimal(str(row[name])) for name in ("quantity", "price", "fee", "multiplier")
    }
    order = (int(str(row["event_ns"])), int(str(row["arrival"])))
    return Fill(fill_id=str(row["fill_id"]), side=str(row["side"]), order=order, **values)


def _position(row: Mapping[str, Decimal]) -> Holding:
    return Holding(
        net_qty=row["net_qty"],
        open_cost=row["open_cost"],
        net_cash_flow=row["net_cash_flow"],
        realized_pnl=row["realized_pnl"],
        fees=row["fees"],
        trade_count=int(row["trade_count"]),
        multiplier=row["multiplier"],
        order=(int(row["last_ns"]), int(row["last_arrival"])),
    )


def _row(key: PositionKey, position: Holding) -> tuple[object, ...]:
    return (
        *key,
        position.multiplier,
        position.net_qty,
        position.average_cost,
        position.open_cost,
        position.net_cash_flow,
        position.realized_pnl,
        position.fees,
        position.trade_count,
        *position.order,
    )
