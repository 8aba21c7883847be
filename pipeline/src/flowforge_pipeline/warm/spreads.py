"""The relative spread of a symbol's best bid and offer, sampled at the end of every second with a quote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

SECOND_NS = 1_000_000_000
EXPIRES_NS = 600 * SECOND_NS
"""A venue's side holds for ten minutes of the symbol's event time, as in ``live_quotes``."""

Side = tuple[int, int]
"""Price in units of 10^-6, and when it was quoted (ns)."""


@dataclass(slots=True)
class Book:
    """The latest bid and offer of each venue. ``second`` is the one that is not over yet."""

    bids: dict[str, Side] = field(default_factory=dict)
    asks: dict[str, Side] = field(default_factory=dict)
    second: int = -1

    def quote(self, venue: str, second: int, bid: int | None, ask: int | None) -> float | None:
        """Take a venue's last quote of a second; the spread at the end of the second before, if one ended.

        A price of zero withdraws the side. What is older than the current second changes nothing.
        """
        if second < self.second:
            return None
        ended = self.spread_bps(self.second) if second > self.second >= 0 else None
        self.second = second
        for sides, price in ((self.bids, bid), (self.asks, ask)):
            if price == 0:
                sides.pop(venue, None)
            elif price is not None:
                sides[venue] = (price, second)
        self._expire_crossed(venue, bid or 0, ask or 0, second)
        return ended

    def _expire_crossed(self, venue: str, bid: int, ask: int, second: int) -> None:
        """What a newer quote of another venue crosses has expired, as in ``live_quotes``."""
        for name, (price, at) in list(self.asks.items()):
            if name != venue and bid > price and at < second:
                del self.asks[name]
        for name, (price, at) in list(self.bids.items()):
            if name != venue and 0 < ask < price and at < second:
                del self.bids[name]

    def spread_bps(self, now: int) -> float | None:
        """Basis points of the mid; None unless two-sided and neither locked nor crossed."""
        bid = max((price for price, at in self.bids.values() if at > now - EXPIRES_NS), default=0)
        ask = min((price for price, at in self.asks.values() if at > now - EXPIRES_NS), default=0)
        return (ask - bid) / (ask + bid) * 20_000 if 0 < bid < ask else None


def by_second(quotes: pl.DataFrame) -> Iterator[tuple[str, str, int, int | None, int | None]]:
    """Symbol, venue, start of the second, last bid and last offer in it, in the order of time.

    Of a frame of ``normalized.quotes`` (:func:`flowforge_pipeline.messages.frame`).
    """
    time = pl.col("event_time").to_physical()
    reduced = (
        quotes.lazy()
        .with_columns(
            *(_units(price, size) for price, size in (("bid", "bid_size"), ("ask", "ask_size"))),
            second=time - time % SECOND_NS,
        )
        .sort("event_time", "sequence", maintain_order=True)
        .group_by("symbol", "venue", "second")
        .agg(pl.col("bid").drop_nulls().last(), pl.col("ask").drop_nulls().last())
        .sort("second", "symbol", "venue")
        .collect()
    )
    yield from reduced.iter_rows()


def _units(price: str, size: str) -> pl.Expr:
    """Price in units of 10^-6, zero where the size is zero."""
    units = pl.col(price).to_physical().cast(pl.Int64)
    return pl.when(pl.col(size) == 0).then(pl.lit(0, pl.Int64)).otherwise(units).alias(price)
