"""Hours and days with corrections, anew from the trades that hold, as a higher revision of the bar.

A correction or cancellation changes the buckets of the trade that it names, of earlier corrections of that
trade, and its own. From then on every trade written into such a bucket makes it anew, too: its states, which
know no corrections, are not shown any more. Whoever writes trades calls :func:`revise` after them and before
it says that they are written, so that a process that was killed in between does it again.

Two writers at once leave the right bar: the revision is the engine's time when the statement began, so the
higher one has seen at least what the lower one has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

import polars as pl

from flowforge_pipeline.clickhouse import ClickHouse, literal
from flowforge_pipeline.loading.effective import COUNTED, corrected, effective_trades, symbols_in

AT_ONCE = 500
"""Buckets, or identifiers, in one statement."""

_COLUMNS = "symbol, trade_date, event_time, price, quantity, notional, ohlc_eligible, volume_eligible, sequence, source_file, row_no"  # fmt: skip
_PLACE = "(event_time, sequence, toString(source_file), row_no)"
_AROUND = timedelta(days=1)
"""A trade date lies within its UTC day and the days beside it; the sorting key knows event times."""

_Item = TypeVar("_Item")

Bucket = tuple[str, str]
"""Symbol, and the bucket's start as the engine writes it."""


@dataclass(frozen=True, slots=True)
class Bars:
    """``time`` is the table's column, ``of_trade`` the same of a trade of raw."""

    table: str
    time: str
    of_trade: str
    type: str


HOURS = Bars("metrics.hourly_rollup_revised", "hour", "toStartOfHour(toDateTime(event_time, 'UTC'))", "DateTime('UTC')")  # fmt: skip
DAYS = Bars("metrics.daily_rollup_revised", "day", "trade_date", "Date")


def revise(clickhouse: ClickHouse, written: pl.DataFrame) -> bool:
    """After ``written`` (rows of ``raw_trades``) were stored: whether buckets had to be made anew."""
    symbols = written["symbol"].cast(pl.String).unique().sort().to_list()
    named = corrected(clickhouse, symbols)
    if not named:
        return False
    again = _related(clickhouse, written) | _buckets(written.filter(pl.col("trade_id").is_in(named)))
    touched = {HOURS: {(symbol, hour) for symbol, hour, _ in again}, DAYS: {(symbol, day) for symbol, _, day in again}}  # fmt: skip
    added = _buckets(written)
    touched[HOURS] |= {(symbol, hour) for symbol, hour, _ in added} & _revised(clickhouse, HOURS, symbols)
    touched[DAYS] |= {(symbol, day) for symbol, _, day in added} & _revised(clickhouse, DAYS, symbols)
    for bars, buckets in touched.items():
        make_anew(clickhouse, bars, buckets)
    return any(touched.values())


def revise_again(clickhouse: ClickHouse, bars: Bars, symbols: Sequence[str], within: str) -> None:
    """Of the bars that were revised before, those that lie ``within`` (a condition on the bars' time)."""
    make_anew(clickhouse, bars, _revised(clickhouse, bars, symbols, within))


def make_anew(clickhouse: ClickHouse, bars: Bars, buckets: Iterable[Bucket]) -> None:
    """Write these buckets as the trades that hold give them, those without any as empty."""
    for some in _pieces(sorted(buckets)):
        clickhouse.execute(_statement(bars, some))


def _statement(bars: Bars, buckets: Sequence[Bucket]) -> str:
    # A DateTime begins with its date as well.
    days = [date.fromisoformat(start[:10]) for _, start in buckets]
    literals = ", ".join(f"({literal(symbol)}, {literal(start)})" for symbol, start in buckets)
    wanted = f"SELECT toString(each.1) AS symbol, CAST(each.2 AS {bars.type}) AS {bars.time} FROM (SELECT arrayJoin([{literals}]) AS each)"  # fmt: skip  # noqa: S608 - literals
    trades = effective_trades(
        {symbol for symbol, _ in buckets},
        f"{COUNTED} AND event_time >= {literal(str(min(days) - _AROUND))} "
        f"AND event_time < {literal(str(max(days) + 2 * _AROUND))} "
        f"AND (toString(symbol), {bars.of_trade}) IN ({wanted})",
        _COLUMNS,
    )
    return f"""
        INSERT INTO {bars.table}
            (symbol, {bars.time}, open, high, low, close, total_volume, notional, trade_count, revision)
        SELECT symbol, {bars.time}, open, high, low, close, total_volume, notional, trade_count,
            toUInt64(toUnixTimestamp64Nano(now64(9))) AS revision
        FROM
        (
            SELECT toString(symbol) AS symbol, {bars.of_trade} AS {bars.time},
                if(countIf(ohlc_eligible) = 0, NULL, argMinIf(price, {_PLACE}, ohlc_eligible)) AS open,
                maxOrNullIf(price, ohlc_eligible) AS high,
                minOrNullIf(price, ohlc_eligible) AS low,
                if(countIf(ohlc_eligible) = 0, NULL, argMaxIf(price, {_PLACE}, ohlc_eligible)) AS close,
                sumIf(quantity, volume_eligible) AS total_volume,
                sumIf(raw.notional, volume_eligible) AS notional,
                toInt64(count()) AS trade_count
            FROM ({trades}) AS raw GROUP BY symbol, {bars.time}
            UNION ALL
            SELECT symbol, {bars.time}, NULL, NULL, NULL, NULL, toDecimal128(0, 4), toDecimal128(0, 10), toInt64(0)
            FROM ({wanted})
        )
        ORDER BY trade_count DESC LIMIT 1 BY symbol, {bars.time}
    """  # noqa: S608 - names and literals of ours


def _related(clickhouse: ClickHouse, written: pl.DataFrame) -> set[tuple[str, str, str]]:
    """Symbol, hour and day of the trades that corrections among ``written`` name, and of all their corrections."""
    if "status" not in written.columns:
        return set()
    corrections = written.filter(pl.col("status").cast(pl.String) != "new")
    found = set()
    for ids in _pieces(corrections["corrects_id"].cast(pl.String).unique().sort().to_list()):
        listed = ", ".join(map(literal, ids))
        rows = clickhouse.rows(
            f"SELECT DISTINCT toString(symbol) AS symbol, toString({HOURS.of_trade}) AS hour, toString(trade_date) AS day "  # noqa: S608 - literals
            f"FROM flowforge.raw_trades WHERE {symbols_in(corrections['symbol'].cast(pl.String))} "
            f"AND (trade_id IN ({listed}) OR corrects_id IN ({listed}))"
        )
        found |= {(row["symbol"], row["hour"], row["day"]) for row in rows}
    return found


def _buckets(rows: pl.DataFrame) -> set[tuple[str, str, str]]:
    """Symbol, hour and day of rows."""
    return set(
        rows.select(
            pl.col("symbol").cast(pl.String),
            pl.col("event_time").dt.truncate("1h").dt.to_string("%Y-%m-%d %H:%M:%S"),
            pl.col("trade_date").dt.to_string("%Y-%m-%d"),
        )
        .unique()
        .iter_rows()
    )


def _revised(clickhouse: ClickHouse, bars: Bars, symbols: Sequence[str], within: str = "1") -> set[Bucket]:
    rows = clickhouse.rows(
        f"SELECT DISTINCT toString(symbol) AS symbol, toString({bars.time}) AS start FROM {bars.table} "  # noqa: S608 - ours
        f"WHERE {symbols_in(symbols)} AND {within}"
    )
    return {(row["symbol"], row["start"]) for row in rows}


def _pieces(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    for first in range(0, len(items), AT_ONCE):
        yield items[first : first + AT_ONCE]
