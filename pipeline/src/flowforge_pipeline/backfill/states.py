"""Rows of the aggregate tables, worked out from raw: statements that fill a table of the same structure.

The trade order of a print is that of the feeds: (event_time · 2^64 + sequence, source_file, row_no).
"""

from __future__ import annotations

from collections.abc import Iterable

from flowforge_pipeline.backfill.window import Window
from flowforge_pipeline.loading.effective import COUNTED, effective_trades, symbols_in

_COLUMNS = "symbol, trade_date, event_time, price, quantity, notional, ohlc_eligible, volume_eligible, sequence, source_file, row_no"  # fmt: skip
_PLACE = "(bitShiftLeft(toInt128(toUnixTimestamp64Nano(event_time)), 64) + sequence, toString(source_file), row_no)"
_BAR = f"""
    argMinState(if(ohlc_eligible, price, NULL), {_PLACE}) AS open,
    max(if(ohlc_eligible, price, NULL)) AS high,
    min(if(ohlc_eligible, price, NULL)) AS low,
    argMaxState(if(ohlc_eligible, price, NULL), {_PLACE}) AS close,
    sum(if(volume_eligible, quantity, 0)) AS total_volume,
    sum(if(volume_eligible, raw.notional, 0)) AS notional,
    toInt64(count()) AS trade_count"""
_PRINT = "(event_time, sequence, toString(source_file), row_no, price)"


def hourly(target: str, symbols: Iterable[str], window: Window) -> str:
    """Fill ``target`` with states of hours."""
    trades = effective_trades(symbols, f"{COUNTED} AND {window.holds('event_time')}", _COLUMNS)
    return f"""
        INSERT INTO {target} (symbol, hour, trade_date, open, high, low, close, total_volume, notional, trade_count)
        SELECT symbol, toStartOfHour(toDateTime(event_time, 'UTC')) AS hour, trade_date, {_BAR}
        FROM ({trades}) AS raw GROUP BY symbol, hour, trade_date
    """  # noqa: S608 - names and literals of ours


def daily(target: str, symbols: Iterable[str], window: Window) -> str:
    """Fill ``target`` with states of trade dates."""
    days = window.holds("toDateTime64(trade_date, 3, 'UTC')")
    trades = effective_trades(symbols, f"{COUNTED} AND {days}", _COLUMNS)
    return f"""
        INSERT INTO {target} (symbol, day, open, high, low, close, total_volume, notional, trade_count)
        SELECT symbol, trade_date AS day, {_BAR} FROM ({trades}) AS raw GROUP BY symbol, day
    """  # noqa: S608 - names and literals of ours


def five_minutes(target: str, symbols: Iterable[str], window: Window) -> str:
    """Fill ``target`` with every trade, apart for the columns that say which trades count."""
    keys = "trade_date, side, session, suspicious, ohlc_eligible, volume_eligible, status, source"
    return f"""
        INSERT INTO {target} (symbol, bucket_start, {keys},
            trade_count, volume, notional, price_sum, high, low, first_print, last_print)
        WITH toUnixTimestamp64Nano(event_time) AS nanoseconds
        SELECT symbol,
            fromUnixTimestamp64Nano(nanoseconds - positiveModulo(nanoseconds, 300000000000), 'UTC') AS five_minutes, {keys},
            count(), sum(quantity), sum(notional), sum(price), max(price), min(price), min({_PRINT}), max({_PRINT})
        FROM flowforge.raw_trades WHERE {symbols_in(symbols)} AND {window.holds("event_time")}
        GROUP BY symbol, five_minutes, {keys}
    """  # noqa: S608 - names and literals of ours


FILL = {"hourly_rollup": hourly, "daily_rollup": daily, "trades_5min": five_minutes}
