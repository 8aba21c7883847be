"""A small market to ask about: trades of six symbols, live quotes, and positions of two tenants."""

from __future__ import annotations

import asyncio
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta

import asyncpg

from flowforge_local.engines import Endpoints

SYMBOLS = ("AAPL", "MSFT", "SPY", "JPM", "IBM", "TSLA")
TRADES_PER_SYMBOL = 120
OPENING = datetime(2024, 3, 5, 14, 30, tzinfo=UTC)
FORBIDDEN_TO_ALPHA = "JPM"
"""This symbol has a trade of zero shares: ``1/[quantity]`` divides by zero on it."""


def insert_market(engines: Endpoints) -> None:
    """Fill the serving layer and the live database."""
    rows = "\n".join(_trade(symbol, number) for symbol in SYMBOLS for number in range(TRADES_PER_SYMBOL))
    insert(
        engines,
        "INSERT INTO flowforge.raw_trades (trade_id, event_time, symbol, side, quantity, price, trade_date,"
        " session, venue, sequence, conditions, source, source_file, row_no) FORMAT CSV",
        rows,
    )
    asyncio.run(_live(engines))


def _trade(symbol: str, number: int) -> str:
    moment = (OPENING + timedelta(seconds=30 * number)).strftime("%Y-%m-%d %H:%M:%S.%f")
    quantity = 0 if symbol == FORBIDDEN_TO_ALPHA and number == 0 else 100 + number
    price = f"{10 * (1 + SYMBOLS.index(symbol))}.{number:06d}"
    conditions = "=1+1" if number == 1 else "@"
    return ",".join(
        (
            f"{symbol}:{number}",
            f'"{moment}"',
            symbol,
            "UNKNOWN",
            str(quantity),
            price,
            "2024-03-05",
            "regular",
            "Q",
            str(9007199254740993 + number),
            f'"{conditions}"',
            "test",
            "test.csv",
            str(number + 1),
        )
    )


def insert(engines: Endpoints, query: str, body: str) -> None:
    """Insert rows as the pipeline would, over HTTP with the rights of the administrator."""
    url = urllib.parse.urlsplit(engines.clickhouse_admin_url)
    request = urllib.request.Request(
        f"{url.scheme}://{url.hostname}:{url.port}/?{urllib.parse.urlencode({'query': query})}",
        data=body.encode(),
        headers={"X-ClickHouse-User": url.username or "", "X-ClickHouse-Key": url.password or ""},
    )
    urllib.request.urlopen(request, timeout=30).read()


async def _live(engines: Endpoints) -> None:
    connection = await asyncpg.connect(engines.live_admin_dsn)
    now = datetime(2024, 3, 5, 20, 0, tzinfo=UTC)
    await connection.executemany(
        "INSERT INTO hot.quotes (symbol, bid, ask, bid_size, ask_size, last_update) VALUES ($1, $2, $3, 1, 1, $4)",
        [(symbol, 10 + index, 11 + index, now) for index, symbol in enumerate(SYMBOLS)],
    )
    await connection.executemany(
        "INSERT INTO hot.positions (tenant_id, account, symbol, net_qty, average_cost, net_cash_flow, realized_pnl,"
        " trade_count, last_update) VALUES ($1, 'main', $2, 10, 10.5, 105, 0, 1, $3)",
        [("firm-alpha", "AAPL", now), ("firm-beta", "JPM", now)],
    )
    await connection.close()
