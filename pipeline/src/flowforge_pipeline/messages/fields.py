"""The payload of each kind of message: the flat JSON shapes of the feeds, one line per field.

Decimals travel as strings in plain digits, because a JSON number is a float to most readers. Fields
that a source need not send have a default; ``normalised`` fields are filled in by the normaliser, so
that every reader of ``normalized.*`` finds the same complete payload.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

FieldType = Literal["text", "decimal", "integer", "flag", "choice", "instant", "day"]
REQUIRED: Any = object()
"""Default of a field that must be there."""


@dataclass(frozen=True, slots=True)
class Field:
    """One member of a payload. ``digits`` before and ``scale`` digits after the point of a decimal."""

    name: str
    type: FieldType
    default: Any = REQUIRED
    digits: int = 12
    scale: int = 6
    positive: bool = False
    """Zero is refused as well as what is negative."""
    choices: tuple[str, ...] = ()
    normalised: bool = False

    @property
    def required(self) -> bool:
        """Whether a source must send it."""
        return self.default is REQUIRED


@dataclass(frozen=True, slots=True)
class Payload:
    """The fields of one kind, and the table of the serving layer that stores them."""

    kind: Literal["trades", "quotes", "orders"]
    table: str
    fields: tuple[Field, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all fields, in order."""
        return tuple(field.name for field in self.fields)


def _price(name: str, default: Any = REQUIRED) -> Field:
    return Field(name, "decimal", default, digits=12, scale=6)


def _size(name: str, default: Any = REQUIRED, *, positive: bool = False) -> Field:
    return Field(name, "decimal", default, digits=14, scale=4, positive=positive)


_MARKET = (
    Field("venue", "text", ""),
    Field("sequence", "integer", 0),
    Field("conditions", "text", ""),
    Field("suspicious", "flag", default=False),
)
_ORIGIN = (
    Field("source_file", "text", ""),
    Field("row_no", "integer", 0),
)
_CALENDAR = (
    Field("instrument_id", "text", "", normalised=True),
    Field("trade_date", "day", "", normalised=True),
    Field("session", "choice", "unknown", choices=("unknown", "regular", "extended"), normalised=True),
)

TRADES = Payload(
    "trades",
    "flowforge.raw_trades",
    (
        Field("trade_id", "text"),
        Field("event_time", "instant"),
        Field("symbol", "text"),
        Field("side", "choice", "UNKNOWN", choices=("UNKNOWN", "BUY", "SELL")),
        _size("quantity"),
        _price("price"),
        *_MARKET,
        Field("ohlc_eligible", "flag", default=True),
        Field("volume_eligible", "flag", default=True),
        Field("status", "choice", "new", choices=("new", "correct", "cancel")),
        Field("corrects_id", "text", ""),
        *_ORIGIN,
        *_CALENDAR,
    ),
)
"""``side`` is the aggressor; a feed that does not say is UNKNOWN. ``price`` 0 is legal: some prints are."""

QUOTES = Payload(
    "quotes",
    "flowforge.raw_quotes",
    (
        Field("symbol", "text"),
        Field("event_time", "instant"),
        _price("bid", None),
        _price("ask", None),
        _size("bid_size", None),
        _size("ask_size", None),
        *_MARKET,
        *_ORIGIN,
        *_CALENDAR,
    ),
)
"""A side that a row does not quote is null or left out, never 0."""

ORDERS = Payload(
    "orders",
    "flowforge.raw_orders",
    (
        Field("order_id", "text"),
        Field("event_time", "instant"),
        Field("tenant_id", "text"),
        Field("account", "text"),
        Field("symbol", "text"),
        Field("side", "choice", choices=("BUY", "SELL")),
        _size("quantity", positive=True),
        _price("price", None),
        Field(
            "status",
            "choice",
            choices=("new", "accepted", "partially_filled", "filled", "cancelled", "rejected"),
        ),
        Field("fill_id", "text", ""),
        Field("fee", "decimal", "0", digits=12, scale=6),
        Field("venue", "text", ""),
        Field("sequence", "integer", 0),
        *_ORIGIN,
        *_CALENDAR,
    ),
)
"""Events of orders. With status ``filled`` or ``partially_filled`` it is a fill: ``quantity`` and ``price``
are those of the fill and ``fill_id`` names it. Positions and P&L come from fills, per tenant and account."""

FILL_STATUSES = frozenset({"filled", "partially_filled"})
PAYLOADS: dict[str, Payload] = {payload.kind: payload for payload in (TRADES, QUOTES, ORDERS)}
