"""Positions and realised profit from a tenant's fills, by the average-cost method.

    >>> bought = apply(None, Fill.of("BUY", "100", "10"))
    >>> sold = apply(bought, Fill.of("SELL", "100", "12"))
    >>> sold.net_qty, sold.realized_pnl
    (Decimal('0.0000'), Decimal('200.0000000000'))

A fill that increases the position adds to its cost; one that reduces it releases cost in proportion and
realises the difference; one that turns it round closes the old position and opens the rest as a new one
(IFRS IAS 2.25 calls this the weighted average cost formula; brokers' statements, "average cost").

The open *cost* is kept and not only the average, and all of it is released with the last unit: whatever
was rounded on the way, what was realised by a position that is flat again is what flowed, to the last
digit. Everything is rounded half away from zero to what its column holds, so that a position continued
from the database is the position folded anew from all its fills.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
_QUANTITY, _MONEY, _AVERAGE = Decimal("1e-4"), Decimal("1e-10"), Decimal("1e-12")
_ZERO = Decimal(0)

Order = tuple[int, int]
"""Place of a fill among those of its position: event time in nanoseconds, then order of arrival."""


@dataclass(frozen=True, slots=True)
class Fill:
    """An execution of a tenant's order. ``quantity`` is positive, the side says which way it went."""

    fill_id: str
    side: str
    quantity: Decimal
    price: Decimal
    fee: Decimal
    multiplier: Decimal
    order: Order

    @staticmethod
    def of(side: str, quantity: str, price: str, *, fee: str = "0", multiplier: str = "1") -> Fill:
        """A fill from text, for examples and tests."""
        return Fill("", side, Decimal(quantity), Decimal(price), Decimal(fee), Decimal(multiplier), (0, 0))


@dataclass(frozen=True, slots=True)
class Position:
    """One account's position in one symbol. ``open_cost`` is what the open quantity cost per multiplier,
    positive for long and short alike; money that was earned or paid includes the multiplier.
    """

    net_qty: Decimal
    open_cost: Decimal
    net_cash_flow: Decimal
    realized_pnl: Decimal
    fees: Decimal
    trade_count: int
    multiplier: Decimal
    order: Order

    @property
    def average_cost(self) -> Decimal:
        """Cost per unit of the open quantity; 0 when flat."""
        if not self.net_qty:
            return _ZERO.quantize(_AVERAGE)
        return _round(_EXACT.divide(self.open_cost, abs(self.net_qty)), _AVERAGE)


def apply(position: Position | None, fill: Fill) -> Position:
    """The position after one more fill, which must not be earlier than those before it."""
    with localcontext(_EXACT):
        return _applied(position or _flat(fill), fill)


def fold(fills: Iterable[Fill], position: Position | None = None) -> Position | None:
    """The position after all fills, which are put into their order first."""
    for fill in sorted(fills, key=lambda each: each.order):
        position = apply(position, fill)
    return position


def _flat(fill: Fill) -> Position:
    return Position(_ZERO, _ZERO, _ZERO, _ZERO, _ZERO, 0, fill.multiplier, fill.order)


def _applied(old: Position, fill: Fill) -> Position:
    signed = fill.quantity if fill.side == "BUY" else -fill.quantity
    increases = old.net_qty == 0 or (old.net_qty > 0) == (signed > 0)
    closing = _ZERO if increases else min(fill.quantity, abs(old.net_qty))
    released = _released(old, closing)
    direction = 1 if old.net_qty > 0 else -1
    realized = direction * (closing * fill.price - released) * fill.multiplier
    return Position(
        net_qty=_round(old.net_qty + signed, _QUANTITY),
        open_cost=_round(old.open_cost - released + (fill.quantity - closing) * fill.price, _MONEY),
        net_cash_flow=_round(old.net_cash_flow + signed * fill.price * fill.multiplier, _MONEY),
        realized_pnl=_round(old.realized_pnl + realized, _MONEY),
        fees=_round(old.fees + fill.fee, _MONEY),
        trade_count=old.trade_count + 1,
        multiplier=fill.multiplier,
        order=fill.order,
    )


def _released(position: Position, closing: Decimal) -> Decimal:
    """The share of the open cost that leaves with ``closing`` units: all of it with the last one."""
    if closing == abs(position.net_qty):
        return position.open_cost
    return _round(position.open_cost * closing / abs(position.net_qty), _MONEY)


def _round(value: Decimal, unit: Decimal) -> Decimal:
    return value.quantize(unit, context=_EXACT)
