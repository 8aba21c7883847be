"""Hours and days with corrections are those of the trades that hold, at once and whatever comes afterwards."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import polars as pl
import pytest

from flowforge_pipeline.backfill.checksum import checksum
from flowforge_pipeline.backfill.run import Request, backfill
from flowforge_pipeline.backfill.tables import TABLES
from flowforge_pipeline.backfill.window import parse
from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.loading import blocks
from flowforge_pipeline.loading.derived import recompute_vwap
from flowforge_pipeline.loading.revised_bars import revise

WINDOW = parse("2024-01-01", "2024-01-05")
SYMBOLS = ("AAA", "BBB")


def deliver(clickhouse: ClickHouse, rows: list[dict[str, Any]], token: str) -> bool:
    """As a writer does: a block, then the buckets that it made wrong."""
    frame = pl.DataFrame(rows).with_columns(
        pl.col("event_time").cast(pl.Datetime("ns")).dt.replace_time_zone("UTC"),
        pl.col("trade_date").str.to_date(),
        pl.col("price", "quantity").cast(pl.Decimal(18, 4)),
    )
    blocks.send(clickhouse, "flowforge.raw_trades", frame, digest=token)
    return revise(clickhouse, frame)


def trade(number: int, minute: int, price: object = 10, **others: Any) -> dict[str, Any]:
    """A print of AAA so many minutes after the first of January 2024, 14:00."""
    day, rest = divmod(minute, 360)
    return {
        "trade_id": f"t{number}", "symbol": "AAA", "price": str(price), "quantity": "5", "session": "regular",
        "event_time": pl.Series([f"2024-01-0{1 + day}T14:00:00"]).str.to_datetime(time_unit="ns").dt.offset_by(f"{rest}m")[0],
        "trade_date": f"2024-01-0{1 + day}", "status": "new", "corrects_id": "", "source_file": "f", "row_no": number,
        "sequence": number, **others,
    }  # fmt: skip


def assert_as_raw(clickhouse: ClickHouse) -> None:
    for name in ("hourly_rollup", "daily_rollup"):
        table = TABLES[name]
        stored = checksum(clickhouse, table.stored(SYMBOLS, WINDOW))
        assert stored == checksum(clickhouse, table.from_raw(SYMBOLS, WINDOW)), name


def bars(clickhouse: ClickHouse, table: str) -> list[tuple[Any, ...]]:
    rows = clickhouse.rows(
        f"SELECT open, high, low, close, total_volume, trade_count FROM metrics.{table} WHERE symbol = 'AAA' ORDER BY bucket_start"
    )
    return [tuple(row.values()) for row in rows]


def test_a_cancelled_and_a_corrected_trade(clickhouse: ClickHouse) -> None:
    first = [trade(1, 0, 10), trade(2, 1, 99), trade(3, 2, 11), trade(4, 61, 12)]
    assert not deliver(clickhouse, first, "first")
    assert bars(clickhouse, "daily_rollup") == [("10", "99", "10", "12", "20", "4")]
    assert deliver(clickhouse, [trade(5, 1, 99, status="cancel", corrects_id="t2")], "cancel")
    assert bars(clickhouse, "daily_rollup") == [("10", "12", "10", "12", "15", "3")]
    assert bars(clickhouse, "hourly_rollup") == [("10", "11", "10", "11", "10", "2"), ("12", "12", "12", "12", "5", "1")]  # fmt: skip
    # A correction into another hour; then a plain trade into an hour that is revised by now.
    assert deliver(clickhouse, [trade(6, 63, 13, status="correct", corrects_id="t3")], "correct")
    assert deliver(clickhouse, [trade(7, 5, 9)], "later")
    assert bars(clickhouse, "hourly_rollup") == [("10", "10", "9", "9", "10", "2"), ("12", "13", "12", "13", "10", "2")]  # fmt: skip
    # All of an hour cancelled: it is not there any more.
    gone = [trade(8, 61, 12, status="cancel", corrects_id="t4"), trade(9, 63, 13, status="cancel", corrects_id="t3")]  # fmt: skip
    assert deliver(clickhouse, gone, "gone")
    assert bars(clickhouse, "hourly_rollup") == [("10", "10", "9", "9", "10", "2")]
    assert_as_raw(clickhouse)


def test_a_correction_that_comes_before_its_trade(clickhouse: ClickHouse) -> None:
    deliver(clickhouse, [trade(1, 0), trade(3, 130, 7, status="cancel", corrects_id="t2")], "early")
    assert deliver(clickhouse, [trade(2, 10, 50)], "late")
    assert bars(clickhouse, "daily_rollup") == [("10", "10", "10", "10", "5", "1")]
    assert_as_raw(clickhouse)


@pytest.fixture
def drawn() -> tuple[random.Random, list[dict[str, Any]]]:
    generator = random.Random(11)
    rows = [
        trade(
            n, generator.randrange(0, 1440), generator.randrange(1, 99), symbol=generator.choice(SYMBOLS),
            session=generator.choice(["regular", "regular", "extended"]), ohlc_eligible=generator.random() < 0.8,
            volume_eligible=generator.random() < 0.8,
        )
        for n in range(300)
    ]  # fmt: skip
    for n in range(300, 420):
        named = generator.choice(rows[:300] if n % 5 else rows)
        status = generator.choice(["correct", "cancel"])
        rows.append({**named, "trade_id": f"t{n}", "row_no": n, "sequence": n, "status": status,
                     "corrects_id": named["trade_id"], "price": str(generator.randrange(1, 99))})  # fmt: skip
    return generator, rows


def test_any_blocks_and_twice_and_backfilled(
    clickhouse: ClickHouse, drawn: tuple[random.Random, list[dict[str, Any]]]
) -> None:
    generator, rows = drawn
    generator.shuffle(rows)
    for number in range(3):
        block = rows[number * 140 : (number + 1) * 140]
        deliver(clickhouse, block, f"block-{number}")
        deliver(clickhouse, block, f"block-{number}")
        assert_as_raw(clickhouse)
    recompute_vwap(clickhouse, SYMBOLS, (date(2024, 1, 1), date(2024, 1, 5)))
    windows = TABLES["vwap_5min"]
    stored = checksum(clickhouse, windows.stored(SYMBOLS, WINDOW))
    assert stored == checksum(clickhouse, windows.from_raw(SYMBOLS, WINDOW))
    for name in ("hourly_rollup", "daily_rollup"):
        done = backfill(clickhouse, Request(name, WINDOW, "a test"))
        assert not done.changed
        assert done.after == done.raw
    deliver(clickhouse, [trade(900, 30, 1), trade(901, 31, 1, status="cancel", corrects_id="t900")], "after")
    assert_as_raw(clickhouse)
