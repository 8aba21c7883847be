"""Which tables are rollups of which, and what that rests on.

A rollup answers for its base only if it holds the same rows at every moment. A ClickHouse materialized
view does: it is written by the same INSERT, is complete before the INSERT is acknowledged, and a block
that broke off in between is completed when it is sent again (tests/pipeline/test_exactly_once.py).
``flowforge.raw_trades`` only grows: a corrected or cancelled trade is a further row with another
``status``, which is a key here. A table that a flow writes lags its base and never answers.
"""

from __future__ import annotations

from collections.abc import Mapping

from flowforge.rollups import Bucket, Measure, Rollup

_RAW = "flowforge.raw_trades"
_OPEN = ("open_time", "open_sequence", "open_file", "open_row")
_CLOSE = ("close_time", "close_sequence", "close_file", "close_row")

ROLLUPS: tuple[Rollup, ...] = (
    Rollup(
        "metrics.trades_5min",
        _RAW,
        keys=(
            "symbol",
            "trade_date",
            "side",
            "session",
            "suspicious",
            "ohlc_eligible",
            "volume_eligible",
            "status",
            "source",
        ),
        bucket=Bucket("bucket_start", of="event_time", seconds=300),
        measures=(
            Measure("trade_count", "count"),
            Measure("volume", "sum", "[quantity]"),
            Measure("notional", "sum", "[price] * [quantity]"),
            Measure("price_sum", "sum", "[price]"),
            Measure("high", "max", "[price]"),
            Measure("low", "min", "[price]"),
            Measure("open", "first", "[price]", place=_OPEN),
            Measure("close", "last", "[price]", place=_CLOSE),
        ),
    ),
    Rollup(
        "metrics.hourly_rollup",
        _RAW,
        withheld="it leaves out trades, and its hour is a DateTime, which cannot say every time that a trade can have",
    ),
    Rollup(
        "metrics.daily_rollup",
        _RAW,
        withheld="it leaves out trades, and does not say which days had none that counts for volume",
    ),
    Rollup(
        "metrics.vwap_5min",
        _RAW,
        withheld="it is written by a flow, which lags the trades, and a correction changes windows afterwards",
    ),
)
"""In the order in which they are tried: the coarsest first."""

WRITTEN_WITH: Mapping[str, tuple[str, ...]] = {
    _RAW: ("metrics.trades_5min", "metrics.hourly_rollup", "metrics.daily_rollup"),
}
"""Tables that a materialized view writes with every INSERT into the key: nobody announces their changes."""
