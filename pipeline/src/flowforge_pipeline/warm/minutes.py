"""One-minute bars of a symbol: the last eligible price, the volume, and the day they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from flowforge_pipeline.warm.trades import COUNTED, ORDER, bucket

MINUTE_NS = 60_000_000_000

Place = tuple[int, int, str, int]
"""A trade's place in the trade order: time, sequence, file, row."""


class Minute(NamedTuple):
    """``last`` is in units of 10^-6 and None while no print had a price of its own; ``volume`` in 10^-4.

    ``day`` is the exchange's day where there is a calendar, empty for a market that never closes:
    no return reaches from one day into the next.
    """

    place: Place | None
    last: int | None
    volume: int
    day: str

    def merged(self, other: Minute) -> Minute:
        """Both halves of a minute that arrived apart."""
        later = other if (other.place or _FIRST) >= (self.place or _FIRST) else self
        return Minute(later.place, later.last, self.volume + other.volume, later.day or self.day)


_FIRST: Place = (-1, -1, "", -1)


def bars(trades: pl.DataFrame) -> Iterator[tuple[str, int, Minute]]:
    """Symbol, start of the minute and bar of each minute that a batch (:mod:`warm.trades`) touches."""
    ohlc = pl.col("ohlc_eligible")
    last = [
        pl.col(name).filter(ohlc).last().alias(f"last_{name}") for name in (*ORDER, "price", "trade_date")
    ]
    found = (
        trades.lazy()
        .filter(COUNTED)
        .sort(*ORDER)
        .group_by("symbol", start=bucket(MINUTE_NS))
        .agg(
            *last,
            pl.col("quantity").filter(pl.col("volume_eligible")).sum().alias("volume"),
            pl.col("session").last(),
            pl.col("trade_date").last(),
        )
        .collect()
    )
    for row in found.iter_rows(named=True):
        place = tuple(row[f"last_{name}"] for name in ORDER) if row["last_time"] is not None else None
        day = str(row["trade_date"]) if row["session"] == "regular" else ""
        yield row["symbol"], row["start"], Minute(place, row["last_price"], row["volume"], day)
