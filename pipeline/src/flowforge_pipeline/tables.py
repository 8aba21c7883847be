"""The tables that files can be imported into: their fields, and the names files give those fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "decimal", "instant", "day", "integer", "side"]

PRICE_SCALE, QUANTITY_SCALE = 6, 4


@dataclass(frozen=True, slots=True)
class Field:
    """One column that a file can fill. ``aliases`` are common names, compared in lower case."""

    name: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    required: bool = False
    precision: int = 18
    scale: int = PRICE_SCALE


@dataclass(frozen=True, slots=True)
class Target:
    """A table of the serving layer as an import sees it; ``key`` makes a row of it unique, if anything."""

    name: str
    table: str
    fields: tuple[Field, ...]
    time_column: str
    key: tuple[str, ...] = ()

    def field(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((field for field in self.fields if field.name == name), None)


def _size(name: str, *aliases: str, required: bool = False, precision: int = 18) -> Field:
    return Field(name, "decimal", aliases, required, precision, QUANTITY_SCALE)


_SYMBOL = Field("symbol", "text", ("ticker", "sym", "instrument", "ric", "code"), required=True)
_EVENT_TIME = Field(
    "event_time",
    "instant",
    ("time", "timestamp", "ts", "datetime", "date_time", "date", "ts_event", "trade_time", "quote_time"),
    required=True,
)
_VENUE = Field("venue", "text", ("exchange", "exch", "mic", "market"))
_SEQUENCE = Field("sequence", "integer", ("seq", "seq_no", "seqno", "sequence_number"))
_CONDITIONS = Field("conditions", "text", ("condition", "cond", "sale_condition", "sale_conditions"))

TRADES = Target(
    "trades",
    "flowforge.raw_trades",
    (
        _SYMBOL,
        _EVENT_TIME,
        Field("price", "decimal", ("px", "last", "trade_price", "last_price"), required=True),
        _size("quantity", "qty", "size", "volume", "shares", "amount", "vol", required=True),
        Field("side", "side", ("direction", "aggressor", "taker_side", "buy_sell")),
        Field("trade_id", "text", ("id", "tradeid", "trade_no", "exec_id")),
        _VENUE,
        _SEQUENCE,
        _CONDITIONS,
    ),
    "event_time",
)

QUOTES = Target(
    "quotes",
    "flowforge.raw_quotes",
    (
        _SYMBOL,
        _EVENT_TIME,
        Field("bid", "decimal", ("bid_price", "bid_px", "bidprice", "best_bid")),
        Field("ask", "decimal", ("ask_price", "ask_px", "askprice", "best_ask", "offer")),
        _size("bid_size", "bid_qty", "bid_sz", "bidsize", "bid_quantity"),
        _size("ask_size", "ask_qty", "ask_sz", "asksize", "ask_quantity", "offer_size"),
        _VENUE,
        _SEQUENCE,
        _CONDITIONS,
    ),
    "event_time",
)

DAILY_BARS = Target(
    "daily_bars",
    "reference.daily_bars",
    (
        _SYMBOL,
        Field(
            "day", "day", ("date", "trade_date", "session", "time", "timestamp", "datetime"), required=True
        ),
        Field("open", "decimal", ("o", "open_price")),
        Field("high", "decimal", ("h", "high_price")),
        Field("low", "decimal", ("l", "low_price")),
        Field("close", "decimal", ("c", "close_price", "last"), required=True),
        _size("volume", "v", "vol", "qty", "quantity", precision=38),
        Field(
            "adj_close",
            "decimal",
            ("adj close", "adjusted_close", "adjclose", "adjusted close"),
            precision=38,
            scale=15,  # a quotient of the source, not a price
        ),
    ),
    "day",
    key=("symbol", "day"),
)

TARGETS = {target.name: target for target in (TRADES, QUOTES, DAILY_BARS)}
"""Tables that a user's own columns can be mapped to."""


def _written(name: str, table: str, time_column: str) -> Target:
    """A table that only readers of fixed formats fill."""
    return Target(name, table, (), time_column)


BARS = _written("bars", "flowforge.raw_bars", "bar_start")
QUOTE_BARS = _written("quote_bars", "flowforge.raw_quote_bars", "bar_start")
BOOK = _written("book", "flowforge.raw_book", "event_time")
BOOK_ORDERS = _written("book_orders", "flowforge.raw_book_orders", "event_time")
STATISTICS = _written("statistics", "flowforge.raw_statistics", "event_time")
CRYPTO_TRADES = _written("crypto_trades", "flowforge.crypto_trades", "event_time")
CRYPTO_QUOTES = _written("crypto_quotes", "flowforge.crypto_quotes", "event_time")
CRYPTO_DEPTH = _written("crypto_depth", "flowforge.crypto_depth", "event_time")
INSTRUMENTS = _written("instruments", "reference.instruments", "valid_from")
ADJUSTMENT_FACTORS = _written("adjustment_factors", "reference.adjustment_factors", "valid_from")
