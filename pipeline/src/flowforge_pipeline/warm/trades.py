"""A micro-batch of trades as columns: numbers as scaled integers, so that sums of them are exact and fast.

column            type    meaning
symbol            String
time              Int64   event time, nanoseconds since 1970
sequence, source_file, row_no   the rest of the trade order
price             Int64   units of 10^-6
quantity          Int64   units of 10^-4
ohlc_eligible, volume_eligible  Boolean
session, status   String  as in ``flowforge.raw_trades``
trade_date        Date    the exchange's day
trade_id, corrects_id           String
"""

from __future__ import annotations

import polars as pl

PRICE_SCALE, QUANTITY_SCALE = 6, 4
NOTIONAL_SCALE = PRICE_SCALE + QUANTITY_SCALE

_NAMES = (
    "symbol",
    "sequence",
    "source_file",
    "row_no",
    "ohlc_eligible",
    "volume_eligible",
    "session",
    "status",
    "trade_date",
    "trade_id",
    "corrects_id",
)

ORDER = ("time", "sequence", "source_file", "row_no")
"""First and last of a bucket order by these, never by arrival."""

_INT64_MAX = 2**63 - 1

COUNTED = (
    (pl.col("ohlc_eligible") | pl.col("volume_eligible"))
    & (pl.col("session") != "extended")
    & (pl.col("status") == "new")
)
"""Which trades a bar takes: eligible prints of the regular session, or of any time without a calendar."""


def scaled(frame: pl.DataFrame) -> pl.DataFrame:
    """Of a frame of ``normalized.trades`` (:func:`flowforge_pipeline.messages.frame`)."""
    return frame.select(
        *_NAMES,
        pl.col("event_time").to_physical().alias("time"),
        pl.col("price").to_physical().cast(pl.Int64),
        pl.col("quantity").to_physical().cast(pl.Int64),
    )


def bucket(nanoseconds: int) -> pl.Expr:
    """Start of the bucket of this length that a trade lies in."""
    return pl.col("time") - pl.col("time") % nanoseconds


def quantity(trades: pl.DataFrame) -> pl.Expr:
    """The quantity, in 64 bits where not even the sum over all rows can overflow, else in 128."""
    largest = trades["quantity"].max() or 0
    assert isinstance(largest, int)
    return pl.col("quantity") if largest * trades.height <= _INT64_MAX else pl.col("quantity").cast(pl.Int128)


def notional(trades: pl.DataFrame) -> pl.Expr:
    """Price × quantity, in 64 bits where not even the sum over all rows can overflow, else in 128."""
    price, quantity = trades["price"].max() or 0, trades["quantity"].max() or 0
    assert isinstance(price, int)
    assert isinstance(quantity, int)
    if price * quantity * trades.height <= _INT64_MAX:
        return pl.col("price") * pl.col("quantity")
    return pl.col("price").cast(pl.Int128) * pl.col("quantity")
