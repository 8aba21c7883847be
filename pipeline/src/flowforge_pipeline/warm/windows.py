"""Five-minute windows over the eligible trades of the regular session, each an exact sum of what it saw.

VWAP = Σ(price × quantity) / Σ(quantity) over volume-eligible trades in ``[start, end)``, NULL at zero
volume; the other columns are those of ``metrics.vwap_5min``. A batch is added up per window in Polars;
windows are merged as Python integers, which cannot overflow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from flowforge_pipeline.warm.division import ratio, unscaled
from flowforge_pipeline.warm.trades import (
    COUNTED,
    NOTIONAL_SCALE,
    PRICE_SCALE,
    QUANTITY_SCALE,
    bucket,
    notional,
)

LENGTH_NS = 300_000_000_000
VWAP_SCALE, RANGE_SCALE = 12, 4

Key = tuple[str, int]
"""Symbol and start of the window in nanoseconds."""


@dataclass(slots=True)
class Window:
    """Sums over the trades of one window, in units of the scales of :mod:`warm.trades`."""

    trade_count: int
    volume: int
    notional: int
    high: int | None
    low: int | None

    def add(self, other: Window) -> None:
        """Take in more trades of the same window."""
        self.trade_count += other.trade_count
        self.volume += other.volume
        self.notional += other.notional
        if other.high is not None:
            self.high = other.high if self.high is None else max(self.high, other.high)
        if other.low is not None:
            self.low = other.low if self.low is None else min(self.low, other.low)

    @property
    def vwap(self) -> Decimal | None:
        """Volume-weighted average price, rounded half away from zero to 12 decimals."""
        return ratio(self.notional, self.volume * 10 ** (NOTIONAL_SCALE - QUANTITY_SCALE), VWAP_SCALE)

    @property
    def range_bps(self) -> Decimal | None:
        """High minus low in basis points of the low; None without a price above zero."""
        if self.high is None or not self.low:
            return None
        return ratio((self.high - self.low) * 10_000, self.low, RANGE_SCALE)

    def columns(self) -> dict[str, Decimal | int | None]:
        """What ``metrics.vwap_5min`` holds of it, beside key, times and revision."""
        return {
            "vwap": self.vwap,
            "volume": unscaled(self.volume, QUANTITY_SCALE),
            "trade_count": self.trade_count,
            "spread_bps": self.range_bps,
            "notional": unscaled(self.notional, NOTIONAL_SCALE),
            "high": None if self.high is None else unscaled(self.high, PRICE_SCALE),
            "low": None if self.low is None else unscaled(self.low, PRICE_SCALE),
        }


def sums(trades: pl.DataFrame) -> Iterator[tuple[Key, Window]]:
    """What a batch (:mod:`warm.trades`) adds to each window; trades that do not count are left out."""
    ohlc, volume = pl.col("ohlc_eligible"), pl.col("volume_eligible")
    totals = (
        trades.lazy()
        .filter(COUNTED)
        .group_by("symbol", start=bucket(LENGTH_NS))
        .agg(
            pl.len(),
            pl.col("quantity").cast(pl.Int128).filter(volume).sum().alias("volume"),
            notional(trades).filter(volume).sum().alias("notional"),
            pl.col("price").filter(ohlc).max().alias("high"),
            pl.col("price").filter(ohlc).min().alias("low"),
        )
        .collect()
    )
    for symbol, start, *values in totals.iter_rows():
        yield (symbol, start), Window(*values)
