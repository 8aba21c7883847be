"""metrics.trades_5min holds every trade exactly once, however the trades arrive and whatever they are."""

from __future__ import annotations

import random

from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.migrations import migrations

KEYS = "symbol, bucket_start, trade_date, side, session, suspicious, ohlc_eligible, volume_eligible, status, source"
FROM_RAW = f"""
    SELECT {KEYS}, toInt64(count()) AS trade_count, sum(quantity) AS volume, sum(raw.notional) AS notional,
        sum(price) AS price_sum, max(price) AS high, min(price) AS low,
        argMin(price, place) AS open, argMax(price, place) AS close, min(event_time) AS open_time
    FROM (
        SELECT *, (event_time, sequence, toString(source_file), row_no) AS place,
            fromUnixTimestamp64Nano((intDiv(toUnixTimestamp64Nano(event_time) + 300000000000000000, 300000000000) - 1000000)
                * 300000000000, 'UTC') AS bucket_start
        FROM flowforge.raw_trades
    ) AS raw
    GROUP BY {KEYS} ORDER BY {KEYS}
"""
FROM_ROLLUP = f"""
    SELECT {KEYS}, trade_count, volume, notional, price_sum, high, low, open, close, open_time
    FROM metrics.trades_5min FINAL ORDER BY {KEYS}
"""


def insert_trades(clickhouse: ClickHouse, rows: int, seed: int) -> None:
    """Trades with every combination of flags, at equal instants, from two files, in 1970 too."""
    draw = random.Random(seed)
    values = [
        f"('{row}', fromUnixTimestamp64Nano({draw.choice((3_600, 0, 1_704_294_000, 4_300_000_000)) * 10**9 + draw.randrange(900) * 10**9 + draw.choice((0, 1, 999_999_999))}), "
        f"'{draw.choice(('AAA', 'BBB'))}', '{draw.choice(('BUY', 'SELL', 'UNKNOWN'))}', {draw.randrange(1000)}.{draw.randrange(10000):04}, "
        f"{draw.randrange(1, 500)}.{draw.randrange(10**6):06}, '2024-01-0{draw.randrange(2, 4)}', "
        f"'{draw.choice(('unknown', 'regular', 'extended'))}', {draw.randrange(-3, 3)}, {draw.randrange(2)}, {draw.randrange(2)}, "
        f"{draw.randrange(2)}, '{draw.choice(('new', 'correct', 'cancel'))}', '{draw.choice('xy')}', '{draw.choice('ab')}.csv', {row})"
        for row in range(rows)
    ]
    clickhouse.execute(
        "INSERT INTO flowforge.raw_trades (trade_id, event_time, symbol, side, quantity, price, trade_date, session, "
        "sequence, suspicious, ohlc_eligible, volume_eligible, status, source, source_file, row_no) VALUES "
        + ", ".join(values)
    )


def test_equals_raw_in_any_batching(clickhouse: ClickHouse) -> None:
    for seed in range(5):
        insert_trades(clickhouse, 400, seed)
    expected = clickhouse.rows(FROM_RAW)
    assert len(expected) > 500
    assert clickhouse.rows(FROM_ROLLUP) == expected


def test_the_migration_fills_it_from_what_is_there(clickhouse: ClickHouse) -> None:
    insert_trades(clickhouse, 500, 7)
    expected = clickhouse.rows(FROM_RAW)
    (migration,) = [each for each in migrations("clickhouse") if each.name == "010_trades_5min.sql"]
    for statement in migration.statements():
        clickhouse.execute(statement)
    assert clickhouse.rows(FROM_ROLLUP) == expected
    insert_trades(clickhouse, 100, 8)
    assert clickhouse.rows(FROM_ROLLUP) == clickhouse.rows(FROM_RAW)
