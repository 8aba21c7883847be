"""Rollups read as one row per symbol and bucket however the trades arrive, and equal raw."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from flowforge_pipeline.clickhouse import ClickHouse, ClickHouseError
from flowforge_pipeline.importers.files import Options, prepare
from flowforge_pipeline.importers.prepared import Upload
from flowforge_pipeline.loading import blocks
from flowforge_pipeline.loading.derived import recompute_vwap

SCALE = Decimal("1e-12")


@pytest.mark.parametrize("seed", range(4))
def test_any_batching(
    clickhouse: ClickHouse, lean_file: Callable[..., Path], lean_lines: Callable[..., list[str]], seed: int
) -> None:
    rows = prepare(Upload.read(lean_file(lean_lines(3_000, seed))), Options()).rows
    draw = random.Random(seed)
    cuts = sorted(draw.sample(range(1, rows.height), 12))
    parts = [
        rows.slice(first, last - first) for first, last in zip([0, *cuts], [*cuts, rows.height], strict=True)
    ]
    draw.shuffle(parts)
    for number, part in enumerate(parts):
        blocks.send(clickhouse, "flowforge.raw_trades", part, digest=f"batching-{seed}-{number}")
    days = rows["trade_date"].min(), rows["trade_date"].max()
    recompute_vwap(clickhouse, ["TST"], days)
    recompute_vwap(clickhouse, ["TST"], days)
    counted = [row for row in rows.to_dicts() if row["ohlc_eligible"] and row["session"] == "regular"]
    for table, column, width in (
        ("metrics.hourly_rollup", "total_volume", 3600),
        ("metrics.daily_rollup", "total_volume", 86_400),
        ("metrics.vwap_5min FINAL", "volume", 300),
    ):
        found = {
            int(row["start"]): row
            for row in clickhouse.rows(
                f"SELECT *, {column} AS total, toUnixTimestamp(toDateTime(bucket_start)) AS start FROM {table}"
            )
        }
        expected: dict[int, list[dict]] = {}
        for row in counted:
            second = int(row["event_time"].timestamp())
            expected.setdefault(second - second % width, []).append(row)
        assert set(found) == set(expected), table
        for start, trades in expected.items():
            bar, prices = found[start], [row["price"] for row in trades]
            volume = sum(row["quantity"] for row in trades)
            notional = sum(row["price"] * row["quantity"] for row in trades)
            assert int(bar["trade_count"]) == len(trades)
            assert (Decimal(bar["high"]), Decimal(bar["low"])) == (max(prices), min(prices))
            assert (Decimal(bar["total"]), Decimal(bar["notional"])) == (volume, notional)
            assert Decimal(bar["vwap"]) == (notional / volume).quantize(SCALE, ROUND_HALF_UP)
            if "open" in bar:
                assert (Decimal(bar["open"]), Decimal(bar["close"])) == (prices[0], prices[-1])
    for table in ("metrics.hourly_rollup", "metrics.daily_rollup"):
        keys = clickhouse.rows(f"SELECT count() AS n, uniqExact(symbol, bucket_start) AS k FROM {table}")
        assert keys[0]["n"] == keys[0]["k"]


def test_order_of_one_instant_is_by_sequence_then_file_then_row(clickhouse: ClickHouse) -> None:
    """Never by insert order, and exact across files."""
    instant = "2024-01-03 15:00:00.000000001"
    order = [  # (sequence, file, row) in trade order; the price is the place
        (-1, "z", 9), (0, "z", 1), (1, "a", 7), (1, "b", 2), (1, "b", 3), (9_000_000_000_000_000_000, "a", 1),
    ]  # fmt: skip
    for number, (sequence, file, row) in random.Random(3).sample(list(enumerate(order, 1)), len(order)):
        clickhouse.execute(
            "INSERT INTO flowforge.raw_trades (trade_id, event_time, symbol, price, quantity, trade_date, sequence, "
            f"source_file, row_no) VALUES ('{number}', '{instant}', 'ORD', {number}, 1, '2024-01-03', {sequence}, "
            f"'{file}', {row})"
        )
    for table in ("hourly_rollup", "daily_rollup"):
        assert clickhouse.rows(f"SELECT open, close FROM metrics.{table} WHERE symbol = 'ORD'") == [
            {"open": "1", "close": str(len(order))}
        ]


def test_no_volume_is_null_and_the_first_instants_are_in_order(clickhouse: ClickHouse) -> None:
    clickhouse.execute(
        "INSERT INTO flowforge.raw_trades (trade_id, event_time, symbol, price, quantity, trade_date, row_no) VALUES "
        "('1', '1970-01-01 00:00:00.5', 'OLD', 1, 0, '1970-01-01', 1), "
        "('2', '1970-01-01 00:20:00', 'OLD', 2, 0, '1970-01-01', 1)"
    )
    bars = clickhouse.rows(
        "SELECT open, close, vwap, total_volume FROM metrics.hourly_rollup WHERE symbol = 'OLD'"
    )
    assert bars == [{"open": "1", "close": "2", "vwap": None, "total_volume": "0"}]


def test_no_trade_is_older_than_1970(clickhouse: ClickHouse) -> None:
    with pytest.raises(ClickHouseError, match="event_time_since_1970"):
        clickhouse.execute(
            "INSERT INTO flowforge.raw_trades (trade_id, event_time, symbol, price, quantity, trade_date) "
            "VALUES ('1', '1969-12-31 23:59:59.5', 'OLDER', 1, 1, '1970-01-01')"
        )


def test_corrections_and_ineligible_prints_do_not_count(clickhouse: ClickHouse) -> None:
    clickhouse.execute(
        "INSERT INTO flowforge.raw_trades (trade_id, event_time, symbol, price, quantity, trade_date, session, "
        "ohlc_eligible, volume_eligible, status) VALUES "
        "('1', '2024-01-03 15:00:00', 'ELI', 10, 1, '2024-01-03', 'regular', 1, 1, 'new'), "
        "('2', '2024-01-03 15:00:01', 'ELI', 99, 5, '2024-01-03', 'regular', 0, 1, 'new'), "
        "('3', '2024-01-03 15:00:02', 'ELI', 98, 5, '2024-01-03', 'regular', 0, 0, 'new'), "
        "('4', '2024-01-03 15:00:03', 'ELI', 97, 5, '2024-01-03', 'extended', 1, 1, 'new'), "
        "('5', '2024-01-03 15:00:04', 'ELI', 96, 5, '2024-01-03', 'regular', 1, 1, 'cancel')"
    )
    assert clickhouse.rows(
        "SELECT open, high, low, close, total_volume, trade_count FROM metrics.daily_rollup WHERE symbol = 'ELI'"
    ) == [{"open": "10", "high": "10", "low": "10", "close": "10", "total_volume": "6", "trade_count": "2"}]
