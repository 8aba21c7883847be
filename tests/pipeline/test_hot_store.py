"""The hot lane's transaction on PostgreSQL: the best of several venues, fills once, late fills in their place."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from decimal import Decimal

import asyncpg
import pytest

from flowforge_local.engines import Endpoints
from flowforge_pipeline.broker.position import Position
from flowforge_pipeline.hot import store as hot
from flowforge_pipeline.hot.batch import Batch, FillRow, Last, Side

SECOND = 1_000_000_000
PLACE = ("normalized.orders", 0)
START = 1_767_225_600 * SECOND


@pytest.fixture
async def live(store: Endpoints, migrated: None) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(store.live_admin_dsn)
    await connection.execute(
        "TRUNCATE hot.venue_quotes, hot.quotes, hot.last_prices, hot.fills, hot.positions, hot.progress"
    )
    yield connection
    await connection.execute(
        "TRUNCATE hot.venue_quotes, hot.quotes, hot.last_prices, hot.fills, hot.positions, hot.progress"
    )
    await connection.close()


def side(price: str | None, seconds: float, size: str = "100") -> Side:
    value = None if price is None else Decimal(price)
    return Side(value, None if price is None else Decimal(size), (START + int(seconds * SECOND), 0))


async def quote(
    live: asyncpg.Connection, venue: str, *, bid: Side | None = None, ask: Side | None = None
) -> None:
    batch = Batch()
    if bid is not None:
        batch.bid("IBM", venue, bid)
    if ask is not None:
        batch.ask("IBM", venue, ask)
    await hot.apply(live, batch)


async def best(live: asyncpg.Connection) -> tuple[Decimal | None, Decimal | None]:
    row = await live.fetchrow("SELECT bid, ask FROM live_quotes WHERE symbol = 'IBM'")
    return row["bid"], row["ask"]


async def test_the_best_of_every_venues_latest(live: asyncpg.Connection) -> None:
    await quote(live, "P", bid=side("10.00", 0), ask=side("10.05", 0))
    await quote(live, "Q", bid=side("10.01", 1))
    assert await best(live) == (Decimal("10.01"), Decimal("10.05"))
    await quote(live, "Q", bid=side("9.99", 2), ask=side("10.04", 2))
    assert await best(live) == (Decimal("10.00"), Decimal("10.04"))
    await quote(live, "Q", bid=side("11.00", 1.5))  # older than what Q said last
    assert await best(live) == (Decimal("10.00"), Decimal("10.04"))
    await quote(live, "P", bid=side(None, 3))  # withdrawn
    assert await best(live) == (Decimal("9.99"), Decimal("10.04"))
    await quote(live, "N", bid=side("10.10", 4))  # whoever offered at 10.04 and 10.05 is gone
    assert await best(live) == (Decimal("10.10"), None)
    await quote(live, "N", bid=side("10.00", 5))  # and back if nobody took it
    assert await best(live) == (Decimal("10.00"), Decimal("10.04"))
    await quote(live, "N", ask=side("10.50", 700))  # ten minutes after the others went silent
    assert await best(live) == (None, Decimal("10.50"))
    mark = await live.fetchval("SELECT last_update FROM live_quotes")
    assert mark.timestamp() == START / SECOND + 700


def a_fill(number: int, side_: str, quantity: str, price: str, seconds: int, **others: str) -> FillRow:
    return FillRow(
        tenant_id=others.get("tenant", "acme"),
        fill_id=f"f{number}",
        order_id=f"o{number}",
        account=others.get("account", "main"),
        symbol=others.get("symbol", "IBM"),
        side=side_,
        quantity=Decimal(quantity),
        price=Decimal(price),
        fee=Decimal("0.01"),
        multiplier=Decimal(1),
        event_ns=START + seconds * SECOND,
    )


async def pnl(live: asyncpg.Connection) -> list[tuple[object, ...]]:
    rows = await live.fetch(
        "SELECT tenant_id, net_qty, average_cost, realized_pnl, mark, unrealized_pnl FROM live_pnl ORDER BY 1"
    )
    return [tuple(row) for row in rows]


async def test_marks_and_tenants(live: asyncpg.Connection) -> None:
    fills = [a_fill(1, "BUY", "100", "10", 1), a_fill(1, "BUY", "7", "9", 1, tenant="other")]
    await hot.apply(live, Batch(fills=fills))
    assert [row[4:] for row in await pnl(live)] == [(None, None), (None, None)]
    batch = Batch(fills=[a_fill(2, "SELL", "50", "12", 2)])
    batch.last("IBM", Last(Decimal("11"), (START, 0)))
    await hot.apply(live, batch)
    assert await pnl(live) == [("acme", 50, 10, 100, 11, 50), ("other", 7, 9, 0, 11, 14)]
    await quote(live, "P", bid=side("12", 3), ask=side("14", 3))
    assert await pnl(live) == [("acme", 50, 10, 100, 13, 150), ("other", 7, 9, 0, 13, 28)]


async def test_fills_in_any_order_twice_and_in_any_batches_give_one_answer(live: asyncpg.Connection) -> None:
    generator = random.Random(7)
    fills = [
        a_fill(n, generator.choice(["BUY", "SELL"]), str(generator.randrange(1, 90)), f"{generator.randrange(900, 1100)}e-2",
               n, account=generator.choice("ab"), symbol=generator.choice(["IBM", "SPY"]))
        for n in range(120)
    ]  # fmt: skip
    answers = []
    for shuffled in (fills, generator.sample(fills * 2, 240), list(reversed(fills))):
        await live.execute("TRUNCATE hot.fills, hot.positions")
        rest = list(shuffled)
        while rest:
            size = generator.randrange(1, 30)
            await hot.apply(live, Batch(fills=rest[:size]))
            rest = rest[size:]
        answers.append(await live.fetch("SELECT * FROM live_positions ORDER BY account, symbol"))
    assert answers[0]
    assert answers[0] == answers[1] == answers[2]


async def test_rows_and_offsets_are_one(live: asyncpg.Connection) -> None:
    good = Batch(fills=[a_fill(1, "BUY", "1", "1", 1)], progress={PLACE: Position("e1", 5, 4)})
    await hot.apply(live, good)
    bad = Batch(
        fills=[a_fill(2, "BUY", "1", "1", 2, tenant="No Tenant")], progress={PLACE: Position("e1", 9, 8)}
    )
    with pytest.raises(asyncpg.CheckViolationError):
        await hot.apply(live, bad)
    assert await hot.progress(live) == {PLACE: Position("e1", 5, 4)}
