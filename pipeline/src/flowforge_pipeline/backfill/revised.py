"""Rows of ``metrics.vwap_5min``, worked out from raw as a higher revision."""

from __future__ import annotations

from collections.abc import Iterable

from flowforge_pipeline.backfill.window import Window
from flowforge_pipeline.loading.effective import COUNTED, effective_trades, symbols_in

_COLUMNS = "symbol, event_time, price, quantity, notional, ohlc_eligible, volume_eligible"


def vwap(symbols: Iterable[str], window: Window, revision: int) -> str:
    """The windows that have trades, and empty ones in the place of those that no longer have any."""
    trades = effective_trades(symbols, f"{COUNTED} AND {window.holds('event_time')}", _COLUMNS)
    start = "toDateTime64(toStartOfFiveMinutes(toDateTime(event_time, 'UTC')), 3, 'UTC')"
    return f"""
        INSERT INTO metrics.vwap_5min
            (symbol, window_end, vwap, volume, trade_count, spread_bps, notional, high, low,
             bucket_start, bucket_end, available_at, revision)
        WITH
            sums AS (
                SELECT toString(symbol) AS symbol, {start} AS bucket_start,
                    sumIf(quantity, volume_eligible) AS volume, toInt64(count()) AS trade_count,
                    sumIf(raw.notional, volume_eligible) AS notional,
                    maxOrNullIf(price, ohlc_eligible) AS high, minOrNullIf(price, ohlc_eligible) AS low
                FROM ({trades}) AS raw GROUP BY symbol, bucket_start
                UNION ALL
                SELECT toString(symbol), bucket_start, toDecimal128(0, 4), toInt64(0), toDecimal128(0, 10), NULL, NULL
                FROM metrics.vwap_5min FINAL
                WHERE {symbols_in(symbols)} AND {window.holds("bucket_start")} AND trade_count > 0
            ),
            wanted AS (SELECT * FROM sums ORDER BY trade_count DESC LIMIT 1 BY symbol, bucket_start)
        SELECT
            symbol,
            bucket_start + INTERVAL 5 MINUTE AS window_end,
            if(volume = 0, NULL, round(divideDecimal(
                toDecimal256(notional, 10), if(volume = 0, toDecimal256(1, 4), toDecimal256(volume, 4)), 13), 12)) AS vwap,
            volume, trade_count,
            if(coalesce(low, 0) = 0, NULL, round(divideDecimal(
                toDecimal256(coalesce(high, 0) - coalesce(low, 0), 6) * 10000,
                toDecimal256(if(coalesce(low, 0) = 0, 1, low), 6), 5), 4)) AS spread_bps,
            notional, high, low, bucket_start, window_end AS bucket_end, window_end AS available_at,
            toUInt64({revision}) AS revision
        FROM wanted
    """  # noqa: S608 - names and literals of ours
