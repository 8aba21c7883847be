"""Profit and loss of fills as a workflow shows it: right after every batch, and to the tenant alone."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from itertools import count

import asyncpg
import httpx
import pytest

from flowforge_local.engines import Endpoints
from flowforge_pipeline.hot import store as hot
from flowforge_pipeline.hot.batch import Batch, FillRow, Last
from flowforge_pipeline.hot.positions import Fill, fold

from .graphs import chain, source

pytestmark = pytest.mark.engines

DESK = "a desk of its own"
MARK = Decimal("10.5")
"""Middle of the market's quote of AAPL."""
COLUMNS = ["symbol", "net_qty", "average_cost", "mark", "realized_pnl", "unrealized_pnl"]
_asked = count(50)


@pytest.fixture
async def live(stores: Endpoints) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(stores.live_admin_dsn)
    yield connection
    await connection.execute("DELETE FROM hot.fills WHERE account = $1", DESK)
    await connection.execute("DELETE FROM hot.positions WHERE account = $1", DESK)
    await connection.execute("DELETE FROM hot.last_prices WHERE symbol IN ('AAPL', 'TSLA')")
    await connection.close()


def a_fill(number: int, side: str, quantity: object, price: object, **others: str) -> FillRow:
    return FillRow(
        tenant_id=others.get("tenant", "firm-alpha"), fill_id=f"pnl-{number}", order_id=f"pnl-{number}", account=DESK,
        symbol=others.get("symbol", "AAPL"), side=side, quantity=Decimal(str(quantity)), price=Decimal(str(price)),
        fee=Decimal(0), multiplier=Decimal(1), event_ns=1_767_225_600 * 10**9 + number,
    )  # fmt: skip


async def shown(client: httpx.AsyncClient) -> list[list[str | None]]:
    """Rows of the desk. Another limit each time: nothing comes from the cache."""
    graph = chain(
        source("materialize", "live_pnl"),
        ("filter", {"filters": [{"column": "account", "operator": "=", "value": DESK}]}),
        ("select", {"columns": COLUMNS}),
        ("limit", {"rows": next(_asked)}),
    )
    answer = await client.post("/api/v1/preview", json={"graph": graph, "target_node_id": "limit"})
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]


async def test_bought_at_10_and_sold_at_12(
    call: Callable[..., httpx.AsyncClient], live: asyncpg.Connection
) -> None:
    alpha, beta = call("preview", tenant="firm-alpha"), call("preview", tenant="firm-beta")
    await hot.apply(live, Batch(fills=[a_fill(1, "BUY", 100, 10)]))
    assert [row[1:] for row in await shown(alpha)] == [["100", "10", "10.5", "0", "50"]]
    await hot.apply(live, Batch(fills=[a_fill(2, "SELL", 100, 12)]))
    await hot.apply(live, Batch(fills=[a_fill(2, "SELL", 100, 12)]))  # the same again
    assert [row[1:] for row in await shown(alpha)] == [["0", "0", "10.5", "200", "0"]]
    assert await shown(beta) == await shown(call("preview")) == []


async def test_a_flat_position_without_any_price(
    call: Callable[..., httpx.AsyncClient], live: asyncpg.Connection
) -> None:
    """What is held has no known value, what is not held is worth nothing."""
    alpha = call("preview", tenant="firm-alpha")
    await live.execute("DELETE FROM hot.quotes WHERE symbol = 'MSFT'")
    try:
        await hot.apply(live, Batch(fills=[a_fill(1, "BUY", 100, 10, symbol="MSFT")]))
        assert [row[1:] for row in await shown(alpha)] == [["100", "10", None, "0", None]]
        await hot.apply(live, Batch(fills=[a_fill(2, "SELL", 100, 12, symbol="MSFT")]))
        assert [row[1:] for row in await shown(alpha)] == [["0", "0", None, "200", "0"]]
    finally:
        await live.execute(
            "INSERT INTO hot.quotes (symbol, bid, ask, bid_size, ask_size, last_update) "
            "VALUES ('MSFT', 11, 12, 1, 1, '2024-03-05T20:00Z')"
        )


async def test_at_any_time_what_the_fills_give(
    call: Callable[..., httpx.AsyncClient], live: asyncpg.Connection
) -> None:
    """Two tenants' fills of one symbol, in batches, some late and some again."""
    draw = random.Random(5)
    every = [
        a_fill(n, draw.choice(["BUY", "SELL"]), draw.randrange(1, 90), f"{draw.randrange(900, 1200) / 100}",
               tenant=draw.choice(["firm-alpha", "firm-omega"]))
        for n in range(60)
    ]  # fmt: skip
    arriving = every[:20] + every[30:] + every[20:30] + every[5:15]
    alpha = call("preview", tenant="firm-alpha")
    for first in range(0, len(arriving), 10):
        await hot.apply(live, Batch(fills=arriving[first : first + 10]))
        stored = await live.fetch(
            "SELECT * FROM hot.fills WHERE account = $1 AND tenant_id = 'firm-alpha'", DESK
        )
        position = fold(
            Fill(row["fill_id"], row["side"], row["quantity"], row["price"], row["fee"], row["multiplier"],
                 (row["event_ns"], row["arrival"]))
            for row in stored
        )  # fmt: skip
        assert position is not None
        [[_, net, average, mark, realized, unrealized]] = await shown(alpha)
        assert (Decimal(net), Decimal(average), Decimal(mark)) == (
            position.net_qty,
            position.average_cost,
            MARK,
        )
        assert Decimal(realized) == position.realized_pnl
        assert Decimal(unrealized) == (position.net_qty * (MARK - position.average_cost)).quantize(
            Decimal("1e-10")
        )
    batch = Batch()
    batch.last("AAPL", Last(Decimal(99), (1_767_225_600 * 10**9, 0)))
    await hot.apply(live, batch)
    assert (await shown(alpha))[0][3] == "10.5"  # the quote has two sides: the last price is not the mark
