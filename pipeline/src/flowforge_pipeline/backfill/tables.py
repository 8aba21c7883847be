"""Tables that can be recomputed: their buckets, and what their rows are worth according to raw.

``stored`` reads the values that the table shows for a window, ``from_raw`` works the same values out of
``flowforge.raw_trades`` in the plainest form there is; both answer ``key``, then ``values``. What is written is
computed by other statements (:mod:`backfill.states`, :mod:`backfill.revised`), so that comparing the two proves
something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from flowforge_pipeline.backfill.window import Window
from flowforge_pipeline.loading.effective import COUNTED, effective_trades, symbols_in

PLACE = "(event_time, sequence, toString(source_file), row_no)"
_RAW = "symbol, trade_date, event_time, price, quantity, notional, ohlc_eligible, volume_eligible, sequence, source_file, row_no"  # fmt: skip
_VWAP = """if(volume = 0, NULL, toDecimal128(round(divideDecimal(toDecimal256(notional, 10),
    if(volume = 0, toDecimal256(1, 4), toDecimal256(volume, 4)), 13), 12), 12))"""
_SUMS = "sumIf(quantity, volume_eligible) AS volume, sumIf(raw.notional, volume_eligible) AS notional, toInt64(count()) AS trades"  # fmt: skip
_RANGE = "maxOrNullIf(price, ohlc_eligible) AS high, minOrNullIf(price, ohlc_eligible) AS low"
_ENDS = (
    f"if(countIf(ohlc_eligible) = 0, NULL, argMinIf(price, {PLACE}, ohlc_eligible)) AS open, "
    f"if(countIf(ohlc_eligible) = 0, NULL, argMaxIf(price, {PLACE}, ohlc_eligible)) AS close"
)

Query = Callable[[Iterable[str], Window], str]


@dataclass(frozen=True, slots=True)
class Derived:
    """``physical`` is where rows are stored; ``time`` its column that the window is about."""

    name: str
    table: str
    physical: str
    time: str
    step: timedelta
    stored: Query
    from_raw: Query

    def condition(self, symbols: Iterable[str], window: Window) -> str:
        """Rows of the window in ``physical``."""
        moment = f"toDateTime64({self.time}, 3, 'UTC')"
        return f"{symbols_in(symbols)} AND {window.holds(moment)}"


def _hourly(symbols: Iterable[str], window: Window) -> str:
    trades = effective_trades(symbols, f"{COUNTED} AND {window.holds('event_time')}", _RAW)
    return f"""
        SELECT toString(symbol) AS symbol, toString(toStartOfHour(toDateTime(event_time, 'UTC'))) AS bucket,
            {_ENDS}, {_RANGE}, {_SUMS}
        FROM ({trades}) AS raw GROUP BY symbol, bucket
    """  # noqa: S608 - names and literals of ours


def _daily(symbols: Iterable[str], window: Window) -> str:
    day = "toDateTime64(trade_date, 3, 'UTC')"
    trades = effective_trades(symbols, f"{COUNTED} AND {window.holds(day)}", _RAW)
    return f"""
        SELECT toString(symbol) AS symbol, toString(trade_date) AS bucket, {_ENDS}, {_RANGE}, {_SUMS}
        FROM ({trades}) AS raw GROUP BY symbol, bucket
    """  # noqa: S608 - names and literals of ours


def _stored_bars(view: str, time: str) -> Query:
    def stored(symbols: Iterable[str], window: Window) -> str:
        moment = f"toDateTime64({time}, 3, 'UTC')"
        return f"""
            SELECT toString(symbol) AS symbol, toString({time}) AS bucket, open, close, high, low,
                total_volume AS volume, notional, trade_count AS trades
            FROM {view} WHERE {symbols_in(symbols)} AND {window.holds(moment)}
        """  # noqa: S608 - names and literals of ours

    return stored


def _stored_vwap(symbols: Iterable[str], window: Window) -> str:
    return f"""
        SELECT toString(symbol) AS symbol, toString(bucket_start) AS bucket, vwap, high, low, volume, notional,
            trade_count AS trades
        FROM metrics.vwap_5min FINAL
        WHERE {symbols_in(symbols)} AND {window.holds("bucket_start")} AND trade_count > 0
    """  # noqa: S608 - names and literals of ours


def _vwap_from_raw(symbols: Iterable[str], window: Window) -> str:
    trades = effective_trades(symbols, f"{COUNTED} AND {window.holds('event_time')}", _RAW)
    return f"""
        SELECT toString(symbol) AS symbol,
            toString(toDateTime64(toStartOfFiveMinutes(toDateTime(event_time, 'UTC')), 3, 'UTC')) AS bucket,
            {_VWAP} AS vwap, {_RANGE}, {_SUMS}
        FROM ({trades}) AS raw GROUP BY symbol, bucket
    """  # noqa: S608 - names and literals of ours


_KEYS = "toString(side), toString(session), suspicious, ohlc_eligible, volume_eligible, toString(status), toString(source)"  # fmt: skip


def _stored_trades(symbols: Iterable[str], window: Window) -> str:
    return f"""
        SELECT toString(symbol) AS symbol, toString((toUnixTimestamp(bucket_start), trade_date, {_KEYS})) AS bucket,
            tupleElement(first_print, 'price') AS open, tupleElement(last_print, 'price') AS close,
            high, low, volume, notional, price_sum, trade_count AS trades
        FROM metrics.trades_5min FINAL WHERE {symbols_in(symbols)} AND {window.holds("bucket_start")}
    """  # noqa: S608 - names and literals of ours


def _trades_from_raw(symbols: Iterable[str], window: Window) -> str:
    return f"""
        SELECT toString(symbol) AS symbol,
            toString((toUnixTimestamp(toStartOfFiveMinutes(toDateTime(event_time, 'UTC'))), trade_date, {_KEYS})) AS bucket,
            argMin(price, {PLACE}) AS open, argMax(price, {PLACE}) AS close, max(price) AS high, min(price) AS low,
            sum(quantity) AS volume, sum(raw.notional) AS notional, sum(price) AS price_sum, toInt64(count()) AS trades
        FROM flowforge.raw_trades AS raw WHERE {symbols_in(symbols)} AND {window.holds("event_time")}
        GROUP BY symbol, bucket
    """  # noqa: S608 - names and literals of ours


MINUTES, HOUR, DAY = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)

TABLES: dict[str, Derived] = {
    each.name: each
    for each in (
        Derived("vwap_5min", "metrics.vwap_5min", "metrics.vwap_5min", "bucket_start", MINUTES, _stored_vwap, _vwap_from_raw),
        Derived("trades_5min", "metrics.trades_5min", "metrics.trades_5min", "bucket_start", MINUTES, _stored_trades, _trades_from_raw),
        Derived("hourly_rollup", "metrics.hourly_rollup", "metrics.hourly_rollup_state", "hour", HOUR, _stored_bars("metrics.hourly_rollup", "hour"), _hourly),
        Derived("daily_rollup", "metrics.daily_rollup", "metrics.daily_rollup_state", "day", DAY, _stored_bars("metrics.daily_rollup", "day"), _daily),
    )
}  # fmt: skip
"""By name; ``rolling_volatility`` is estimated in memory (:mod:`backfill.volatility`)."""
