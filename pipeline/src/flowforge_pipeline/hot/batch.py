"""What one transaction of the hot lane applies: the newest of many messages, and every fill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from flowforge_pipeline.broker.position import Position

Time = tuple[int, int]
"""Event time in nanoseconds since 1970, then the source's sequence number."""

NEVER: Time = (-1, -1)


class Side(NamedTuple):
    """One side of a venue's quote. ``price`` is None where the venue withdrew it."""

    price: Decimal | None
    size: Decimal | None
    time: Time


class Last(NamedTuple):
    """The price of a trade."""

    price: Decimal
    time: Time


class FillRow(NamedTuple):
    """A fill as ``hot.fills`` holds it, before it has its order of arrival."""

    tenant_id: str
    fill_id: str
    order_id: str
    account: str
    symbol: str
    side: str
    quantity: Decimal
    price: Decimal
    fee: Decimal
    multiplier: Decimal
    event_ns: int


@dataclass
class Batch:
    """Messages reduced to what they change. Keys of quotes are symbol and venue."""

    bids: dict[tuple[str, str], Side] = field(default_factory=dict)
    asks: dict[tuple[str, str], Side] = field(default_factory=dict)
    lasts: dict[str, Last] = field(default_factory=dict)
    fills: list[FillRow] = field(default_factory=list)
    progress: dict[tuple[str, int], Position] = field(default_factory=dict)
    """Topic and partition → where to go on after this batch."""

    def bid(self, symbol: str, venue: str, side: Side) -> None:
        """A venue's bid, unless a newer one is here already."""
        _keep_newest(self.bids, (symbol, venue), side)

    def ask(self, symbol: str, venue: str, side: Side) -> None:
        """A venue's offer, unless a newer one is here already."""
        _keep_newest(self.asks, (symbol, venue), side)

    def last(self, symbol: str, last: Last) -> None:
        """A trade, unless a newer one is here already."""
        if last.time >= self.lasts.get(symbol, _NO_TRADE).time:
            self.lasts[symbol] = last

    @property
    def venue_quotes(self) -> list[tuple[str, str]]:
        """Symbols and venues whose quote changes, in the order in which rows are locked."""
        return sorted(self.bids.keys() | self.asks.keys())

    @property
    def quoted(self) -> set[str]:
        """Symbols whose quote changes."""
        return {symbol for symbol, _ in self.bids.keys() | self.asks.keys()}


_NO_TRADE = Last(Decimal(0), NEVER)


def _keep_newest(sides: dict[tuple[str, str], Side], key: tuple[str, str], side: Side) -> None:
    known = sides.get(key)
    if known is None or side.time >= known.time:
        sides[key] = side


def position_keys(fills: Iterable[Mapping[str, object]]) -> list[tuple[str, str, str]]:
    """Tenant, account and symbol of each position that fills change, in the order in which rows are locked."""
    return sorted({(str(fill["tenant_id"]), str(fill["account"]), str(fill["symbol"])) for fill in fills})
