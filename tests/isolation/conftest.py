"""Trades of two tenants in both engines: the forbidden rows are made to break whatever touches them."""

from __future__ import annotations

import asyncio
import base64
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

import asyncpg
import pytest

from flowforge.compiler import Statement
from flowforge_local.engines import Endpoints

SECRET = "forbidden-secret"

_DDL = """
CREATE TABLE flowforge.trades (
    symbol LowCardinality(String), event_time DateTime64(9, 'UTC'), trade_date Date, price Decimal(18, 6),
    quantity Decimal(18, 4), fee Nullable(Decimal(18, 6)), sequence Int64, ratio Float64, auction Bool,
    side Enum8('UNKNOWN' = 0, 'BUY' = 1, 'SELL' = 2), note Nullable(String)
) ENGINE = MergeTree ORDER BY (symbol, event_time)
"""
_LIVE_DDL = """
CREATE TABLE public.live_trades (
    symbol text, event_time timestamptz, trade_date date, price numeric(18, 6), quantity numeric(18, 4),
    fee numeric(18, 6), sequence bigint, ratio double precision, auction boolean, side text, note text
)
"""
ROWS = [
    ("AAPL", "2024-01-31 15:30:01.5", "2024-01-31", "1.5", "2.5", None, 3, 1.5, True, "BUY", "12"),
    ("MSFT", "2024-02-29 15:30:02.5", "2024-02-29", "2.25", "-4", "0.01", -3, -1.5, False, "SELL", None),
    ("JPM", "2024-01-01 00:00:00", "2024-01-01", "999999999999.999999", "0", "0", 2**63 - 1, 1e308, True, "SELL", SECRET),
    ("BAC", "2200-01-01 00:00:00", "2149-06-06", "-999999999999.999999", "0", None, -(2**63), -1e308, False, "BUY", SECRET),
]  # fmt: skip


class Engines:
    """Runs statements as the application's read-only users."""

    def __init__(self, endpoints: Endpoints) -> None:
        self._endpoints = endpoints
        self._runner = asyncio.Runner()
        self._postgres = self._runner.run(
            asyncpg.connect(endpoints.live_admin_dsn, server_settings={"TimeZone": "UTC"})
        )
        for sql in ("CREATE DATABASE IF NOT EXISTS flowforge", "CREATE DATABASE IF NOT EXISTS metrics", _DDL):
            self._clickhouse(endpoints.clickhouse_admin_url, sql, {})
        self._clickhouse(
            endpoints.clickhouse_admin_url,
            "CREATE VIEW metrics.trades_view AS SELECT * FROM flowforge.trades",
            {},
        )
        lines = "\n".join(json.dumps(row) for row in ROWS)
        self._clickhouse(
            endpoints.clickhouse_admin_url,
            f"INSERT INTO flowforge.trades FORMAT JSONCompactEachRow\n{lines}",
            {},
        )
        self._runner.run(self._fill())

    async def _fill(self) -> None:
        await self._postgres.execute(_LIVE_DDL)
        for row in ROWS:
            marks = ", ".join(f"${index + 1}::text" for index in range(len(row)))
            casts = [
                "text",
                "timestamptz",
                "date",
                "numeric",
                "numeric",
                "numeric",
                "bigint",
                "float8",
                "boolean",
                "text",
                "text",
            ]
            values = ", ".join(f"{mark}::{cast}" for mark, cast in zip(marks.split(", "), casts, strict=True))
            texts = [None if value is None else str(value) for value in row]
            await self._postgres.execute(f"INSERT INTO public.live_trades VALUES ({values})", *texts)

    def close(self) -> None:
        """Take the tables away again."""
        admin = self._endpoints.clickhouse_admin_url
        self._clickhouse(admin, "DROP VIEW metrics.trades_view SYNC", {})
        self._clickhouse(admin, "DROP TABLE flowforge.trades SYNC", {})
        self._runner.run(self._postgres.execute("DROP TABLE public.live_trades"))
        self._runner.run(self._postgres.close())
        self._runner.close()

    def run(self, statement: Statement) -> list[list[Any]]:
        """The rows; ``RuntimeError`` with the engine's words where it fails."""
        if statement.store == "clickhouse":
            settings = {"default_format": "JSONCompactEachRow", "wait_end_of_query": "1"}
            settings |= {name: str(value) for name, value in statement.settings.items()}
            body = self._clickhouse(self._endpoints.clickhouse_app_url, statement.sql, settings)
            return [json.loads(line) for line in body.splitlines()]
        try:
            return [list(row) for row in self._runner.run(self._postgres.fetch(statement.sql))]
        except asyncpg.PostgresError as error:
            raise RuntimeError(str(error)) from error

    def _clickhouse(self, url: str, sql: str, settings: dict[str, str]) -> str:
        parts = urlsplit(url)
        secret = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}".encode()
        request = urllib.request.Request(
            f"http://{parts.hostname}:{parts.port}/?{urlencode(settings, quote_via=quote)}",
            data=sql.encode(),
            headers={"Authorization": f"Basic {base64.b64encode(secret).decode()}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from error


@pytest.fixture(scope="module")
def trades(engines: Endpoints) -> Iterator[Engines]:
    """Both engines with the rows in them."""
    running = Engines(engines)
    yield running
    running.close()
