"""``metrics.rolling_volatility`` of imported trades, by the estimator of the flow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.loading.effective import COUNTED, trades_that_hold

if TYPE_CHECKING:
    from flowforge_pipeline.warm.minutes import Minute

_SECOND = 1_000_000_000
_PRICE_UNITS = 1_000_000


def recompute_volatility(clickhouse: ClickHouse, symbols: Iterable[str], days: tuple[date, date]) -> None:
    """Write the rows of these symbols and UTC days anew, and those of the day after, which reach back to them."""
    import polars as pl

    from flowforge_pipeline.instruments import calendar_of
    from flowforge_pipeline.warm.minutes import MINUTE_NS
    from flowforge_pipeline.warm.revisions import Revisions
    from flowforge_pipeline.warm.volatility import estimates, minutes_per_year
    from flowforge_pipeline.warm.volatility_flow import TARGET

    first, after = _midnight(days[0] - timedelta(days=1)), _midnight(days[1] + timedelta(days=3))
    for symbol in symbols:
        minutes = _minutes(clickhouse, symbol, first - timedelta(days=2), after)
        if not minutes:
            continue
        found = estimates(minutes, minutes_per_year(calendar_of(symbol), days[1].year))
        end = pl.from_epoch(pl.col("start") + MINUTE_NS, time_unit="ns").dt.replace_time_zone("UTC")
        rows = found.filter(pl.col("start") >= int(first.timestamp()) * _SECOND).select(
            pl.lit(symbol).alias("symbol"),
            end.dt.cast_time_unit("ms").alias("window_end"),
            pl.exclude("start"),
            end.dt.cast_time_unit("ms").alias("available_at"),
            pl.lit(Revisions().next(), pl.UInt64).alias("revision"),
        )
        clickhouse.insert(
            TARGET.table,
            rows.select(TARGET.schema.names()).to_arrow(),
            {"max_partitions_per_insert_block": 0},
        )


def _minutes(clickhouse: ClickHouse, symbol: str, first: datetime, after: datetime) -> dict[int, Minute]:
    """Last prices and days of the minutes in ``[first, after)``, as :func:`estimates` takes them."""
    from flowforge_pipeline.warm.minutes import MINUTE_NS, Minute

    within = (
        f"event_time >= toDateTime64('{first:%Y-%m-%d}', 9, 'UTC') "
        f"AND event_time < toDateTime64('{after:%Y-%m-%d}', 9, 'UTC') AND {COUNTED} AND ohlc_eligible"
    )
    start = f"intDiv(toUnixTimestamp64Nano(event_time), {MINUTE_NS}) * {MINUTE_NS}"
    columns = "event_time, sequence, source_file, row_no, price, session, trade_date"
    trades = trades_that_hold(clickhouse, [symbol])
    # Aggregates compare tuples ten times slower than times: which prints are a minute's last by time is asked first,
    # and of those, which are seldom more than one, the last is found by (event_time, sequence, source_file, row_no).
    rows = clickhouse.rows(f"""
        WITH ends AS (SELECT max(event_time) FROM ({trades(within, "event_time")}) GROUP BY {start})
        SELECT {start} AS start, argMax(
            (toInt64(toDecimal128(price, 6) * {_PRICE_UNITS}), session = 'regular' ? toString(trade_date) : ''),
            (event_time, sequence, toString(source_file), row_no)) AS last
        FROM ({trades(within, columns)})
        WHERE event_time IN ends
        GROUP BY start
    """)  # noqa: S608 - literals and numbers
    return {int(row["start"]): Minute(None, int(row["last"][0]), 0, row["last"][1]) for row in rows}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
