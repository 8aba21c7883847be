"""Normalised messages → what they change: quotes per venue, last prices, fills."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import polars as pl

from flowforge_pipeline.broker import Piece
from flowforge_pipeline.hot.batch import Batch, FillRow, Last, Side
from flowforge_pipeline.messages import frame
from flowforge_pipeline.messages.fields import FILL_STATUSES
from flowforge_pipeline.messages.topics import normalized

Multiplier = Callable[[str, date], Decimal]
"""Symbol and day → units of the underlying per contract."""

_TIME = (pl.col("event_time").to_physical().alias("time"), pl.col("sequence"))
_PLACE = ("time", "sequence")


def add(batch: Batch, piece: Piece, multiplier: Multiplier) -> None:
    """Take the messages of a piece into the batch."""
    if piece.topic == normalized("quotes"):
        _quotes(batch, frame("quotes", piece.values))
    elif piece.topic == normalized("trades"):
        _trades(batch, frame("trades", piece.values))
    elif piece.topic == normalized("orders"):
        _fills(batch, frame("orders", piece.values), multiplier)
    else:
        raise ValueError(f"{piece.topic} is not a topic of the hot lane")


def _quotes(batch: Batch, quotes: pl.DataFrame) -> None:
    """The newest of each venue and side. A price or size of zero withdraws that side."""
    rows = quotes.select("symbol", "venue", *_TIME, "bid", "bid_size", "ask", "ask_size")
    for name, keep in (("bid", batch.bid), ("ask", batch.ask)):
        side = (
            rows.filter(pl.col(name).is_not_null())
            .sort(*_PLACE, maintain_order=True)
            .unique(("symbol", "venue"), keep="last", maintain_order=True)
            .select("symbol", "venue", name, f"{name}_size", *_PLACE)
        )
        for symbol, venue, price, size, time, sequence in side.iter_rows():
            withdrawn = price == 0 or size == 0
            keep(
                symbol,
                venue,
                Side(None if withdrawn else price, None if withdrawn else size, (time, sequence)),
            )


def _trades(batch: Batch, trades: pl.DataFrame) -> None:
    """The newest price of each symbol. Corrections do not unmake a mark: the next trade does."""
    newest = (
        trades.filter(pl.col("ohlc_eligible") & (pl.col("status") == "new") & (pl.col("price") > 0))
        .select("symbol", "price", *_TIME)
        .sort(*_PLACE, maintain_order=True)
        .unique("symbol", keep="last")
    )
    for symbol, price, time, sequence in newest.iter_rows():
        batch.last(symbol, Last(price, (time, sequence)))


def _fills(batch: Batch, orders: pl.DataFrame, multiplier: Multiplier) -> None:
    """Every fill. Other events of orders change no position."""
    fills = orders.filter(pl.col("status").is_in(FILL_STATUSES))
    for row in fills.with_columns(_TIME[0]).iter_rows(named=True):
        batch.fills.append(
            FillRow(
                tenant_id=row["tenant_id"],
                fill_id=row["fill_id"],
                order_id=row["order_id"],
                account=row["account"],
                symbol=row["symbol"],
                side=row["side"],
                quantity=row["quantity"],
                price=row["price"],
                fee=row["fee"],
                multiplier=multiplier(row["symbol"], row["trade_date"] or row["event_time"].date()),
                event_ns=row["time"],
            )
        )
