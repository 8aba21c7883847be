"""Tables computed from raw trades, and what a write changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flowforge_pipeline.clickhouse import ClickHouse, literal
from flowforge_pipeline.loading.effective import COUNTED, corrected, effective_trades, symbols_in
from flowforge_pipeline.loading.together import BY_COMMANDS

_DAY_AROUND = timedelta(days=1)
"""A trade date lies within its UTC day and the days beside it; the sorting key knows event times."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a write changed: enough to tell everybody who reads it."""

    table: str
    symbols: tuple[str, ...]
    rows: int
    watermark: datetime | date

    def to_json(self) -> dict[str, Any]:
        """Members of the change for machine-readable reports."""
        return {
            "table": self.table,
            "derived_tables": list(BY_COMMANDS.get(self.table, ())),
            "symbols": list(self.symbols),
            "rows": self.rows,
            "watermark": self.watermark.isoformat(),
        }


def recompute_vwap(clickhouse: ClickHouse, symbols: Iterable[str], days: tuple[date, date]) -> None:
    """Write the 5-minute windows of these symbols and trade dates anew, as a higher revision.

    From raw where trades were corrected, else from ``metrics.trades_5min``, which has the same sums already.
    Division at 13 digits, then rounded half away from zero to 12.
    """
    first, last = days
    symbols = sorted(set(symbols))
    within = f"trade_date BETWEEN {literal(first.isoformat())} AND {literal(last.isoformat())} AND {COUNTED}"
    if corrected(clickhouse, symbols):
        trades = effective_trades(
            symbols,
            f"{within} AND event_time >= {literal((first - _DAY_AROUND).isoformat())} "
            f"AND event_time < {literal((last + 2 * _DAY_AROUND).isoformat())}",
            "symbol, event_time, toInt64(1) AS trades, price AS highest, price AS lowest, quantity, notional, "
            "ohlc_eligible, volume_eligible",
        )
    else:
        trades = f"""
            SELECT symbol, bucket_start AS event_time, trade_count AS trades, high AS highest, low AS lowest,
                volume AS quantity, notional, ohlc_eligible, volume_eligible
            FROM metrics.trades_5min WHERE {symbols_in(symbols)} AND {within} AND status = 'new'
        """  # noqa: S608 - literals
    clickhouse.execute(f"""
        INSERT INTO metrics.vwap_5min
            (symbol, window_end, vwap, volume, trade_count, spread_bps, notional, high, low,
             bucket_start, bucket_end, available_at, revision)
        SELECT
            symbol,
            bucket_end AS window_end,
            if(volume = 0, NULL, round(divideDecimal(
                toDecimal256(notional, 10), if(volume = 0, toDecimal256(1, 4), toDecimal256(volume, 4)), 13), 12)) AS vwap,
            sumIf(raw.quantity, raw.volume_eligible) AS volume,
            toInt64(sum(raw.trades)) AS trade_count,
            if(coalesce(low, 0) = 0, NULL, round(divideDecimal(
                toDecimal256(coalesce(high, 0) - coalesce(low, 0), 6) * 10000,
                toDecimal256(if(coalesce(low, 0) = 0, 1, low), 6), 5), 4)) AS spread_bps,
            sumIf(raw.notional, raw.volume_eligible) AS notional,
            max(if(raw.ohlc_eligible, raw.highest, NULL)) AS high,
            min(if(raw.ohlc_eligible, raw.lowest, NULL)) AS low,
            toDateTime64(toStartOfFiveMinutes(toDateTime(raw.event_time, 'UTC')), 3, 'UTC') AS bucket_start,
            bucket_start + INTERVAL 5 MINUTE AS bucket_end,
            bucket_end AS available_at,
            toUInt64(toUnixTimestamp64Milli(now64(3))) AS revision
        FROM ({trades}) AS raw
        GROUP BY symbol, bucket_start
    """)  # noqa: S608 - literals
