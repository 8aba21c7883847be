"""Five-minute windows over the eligible trades of the regular session, each an exact sum of what it saw.

VWAP = Σ(price × quantity) / Σ(quantity) over volume-eligible trades in ``[start, end)``, NULL at zero
volume; the other columns are those of ``metrics.vwap_5min``. A batch is added up per window in Polars;
windows are merged as Python integers, which cannot overflow.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import polars as pl

from flowforge_pipeline.warm.division import ratio, unscaled
from flowforge_pipeline.warm.trades import (
    COUNTED,
    NOTIONAL_SCALE,
    PRICE_SCALE,
    QUANTITY_SCALE,
    bucket,
    notional,
    quantity,
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


class Part(NamedTuple):
    """What a batch adds to a window, and between which event times (ns) the trades were that count."""

    key: Key
    window: Window
    first: int
    last: int


def sums(trades: pl.DataFrame) -> list[Part]:
    """What a batch (:mod:`warm.trades`) adds to each window; trades that do not count are left out."""
    of_volume = pl.col("volume_eligible")
    priced = pl.when("ohlc_eligible").then("price")
    totals = (
        trades.filter(COUNTED)
        .select(
            "symbol",
            "time",
            start=bucket(LENGTH_NS),
            quantity=pl.when(of_volume).then(quantity(trades)).otherwise(0),
            notional=pl.when(of_volume).then(notional(trades)).otherwise(0),
            price=priced,
        )
        .group_by("symbol", "start")
        .agg(
            pl.len(),
            pl.col("quantity", "notional").sum(),
            pl.col("price").max().alias("high"),
            pl.col("price").min().alias("low"),
            pl.col("time").min().alias("first"),
            pl.col("time").max().alias("last"),
        )
    )
    return [
        Part((symbol, start), Window(*values), first, last)
        for symbol, start, *values, first, last in totals.iter_rows()
    ]
