"""``metrics.rolling_volatility`` of imported trades, by the estimator of the flow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from flowforge_pipeline.clickhouse import ClickHouse, literal
from flowforge_pipeline.loading.effective import COUNTED, corrected, trades_that_hold
from flowforge_pipeline.tables import PRICE_SCALE

if TYPE_CHECKING:
    import polars as pl

    from flowforge_pipeline.warm.minutes import Minute


@dataclass(frozen=True)
class LastPrices:
    """The minutes of whole files: by symbol, then by start."""

    files: frozenset[str]
    minutes: Mapping[str, Mapping[int, Minute]]


_SECOND = 1_000_000_000
_PRICE_UNITS = 10**PRICE_SCALE


def last_prices(rows: pl.DataFrame) -> LastPrices | None:
    """Of rows of ``raw_trades`` that are about to be stored, so that they need not be read again.

    None where a column that decides is left to the table's defaults, or one of the rows is a correction.
    """
    import polars as pl

    from flowforge_pipeline.warm.minutes import MINUTE_NS, Minute

    needed = {"price", "session", "trade_date", "sequence", "source_file", "row_no", "ohlc_eligible"}
    if not needed <= set(rows.columns) or "status" in rows.columns:
        return None
    ends = (
        rows.lazy()
        .filter(pl.col("ohlc_eligible") & (pl.col("session") != "extended"))
        .with_columns(time=pl.col("event_time").dt.timestamp("ns"))
        .with_columns(start=pl.col("time") - pl.col("time") % MINUTE_NS)
        .filter(pl.col("time") == pl.col("time").max().over("symbol", "start"))
        .select(
            pl.col("symbol", "session", "source_file").cast(pl.String),
            "start", "time", "sequence", "row_no", "trade_date",
            units=pl.col("price").cast(pl.Decimal(18, PRICE_SCALE)).to_physical(),
        )
        .collect()
    )  # fmt: skip
    minutes: dict[str, dict[int, Minute]] = {}
    for symbol, session, file, start, time_ns, sequence, row_no, day, units in ends.iter_rows():
        found = Minute((time_ns, sequence, file, row_no), units, 0, str(day) if session == "regular" else "")
        _add(minutes.setdefault(symbol, {}), start, found)
    return LastPrices(frozenset(rows["source_file"].cast(pl.String).unique()), minutes)


def recompute_volatility(
    clickhouse: ClickHouse,
    symbols: Iterable[str],
    days: tuple[date, date],
    known: Sequence[LastPrices | None] = (),
) -> None:
    """Write the rows of these symbols and UTC days anew, and those of the day after, which reach back to them.

    ``known`` are the last prices of whole files, which are not read again.
    """
    import polars as pl

    from flowforge_pipeline.instruments import calendar_of
    from flowforge_pipeline.warm.minutes import MINUTE_NS
    from flowforge_pipeline.warm.revisions import Revisions
    from flowforge_pipeline.warm.volatility import estimates, minutes_per_year
    from flowforge_pipeline.warm.volatility_flow import TARGET

    first, after = _midnight(days[0] - timedelta(days=1)), _midnight(days[1] + timedelta(days=3))
    given = [each for each in known if each is not None]
    for symbol in symbols:
        minutes = _minutes(clickhouse, symbol, first - timedelta(days=2), after, given)
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


def _minutes(
    clickhouse: ClickHouse, symbol: str, first: datetime, after: datetime, known: Sequence[LastPrices]
) -> dict[int, Minute]:
    """Last prices and days of the minutes in ``[first, after)``, as :func:`estimates` takes them."""
    from flowforge_pipeline.warm.minutes import MINUTE_NS, Minute

    corrections = bool(corrected(clickhouse, [symbol]))
    if corrections:
        known = ()
    within = (
        f"event_time >= toDateTime64('{first:%Y-%m-%d}', 9, 'UTC') "
        f"AND event_time < toDateTime64('{after:%Y-%m-%d}', 9, 'UTC') AND {COUNTED} AND ohlc_eligible"
    )
    if files := sorted({file for each in known for file in each.files}):
        within += f" AND source_file NOT IN ({', '.join(map(literal, files))})"
    start = f"intDiv(toUnixTimestamp64Nano(event_time), {MINUTE_NS}) * {MINUTE_NS}"
    columns = "event_time, sequence, source_file, row_no, price, session, trade_date"
    trades = trades_that_hold([symbol], corrections=corrections)
    # Aggregates compare tuples ten times slower than times: which prints are a minute's last by time is asked first,
    # and of those, which are seldom more than one, the last is found by (event_time, sequence, source_file, row_no).
    rows = clickhouse.rows(f"""
        WITH ends AS (SELECT max(event_time) FROM ({trades(within, "event_time")}) GROUP BY {start})
        SELECT {start} AS start, argMax(
            (toInt64(toDecimal128(price, 6) * {_PRICE_UNITS}), session = 'regular' ? toString(trade_date) : '',
                (toUnixTimestamp64Nano(event_time), sequence, toString(source_file), row_no)),
            (event_time, sequence, toString(source_file), row_no)) AS last
        FROM ({trades(within, columns)})
        WHERE event_time IN ends
        GROUP BY start
    """)  # noqa: S608 - literals and numbers
    minutes: dict[int, Minute] = {}
    for row in rows:
        units, day, (time_ns, sequence, file, row_no) = row["last"]
        place = (int(time_ns), int(sequence), file, int(row_no))
        minutes[int(row["start"])] = Minute(place, int(units), 0, day)
    for each in known:
        for at, minute in each.minutes.get(symbol, {}).items():
            if int(first.timestamp()) * _SECOND <= at < int(after.timestamp()) * _SECOND:
                _add(minutes, at, minute)
    return minutes


def _add(minutes: dict[int, Minute], start: int, minute: Minute) -> None:
    """Of two last prices of a minute, the one further in the trade order."""
    there = minutes.get(start)
    if there is None or (minute.place or ()) > (there.place or ()):
        minutes[start] = minute


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
