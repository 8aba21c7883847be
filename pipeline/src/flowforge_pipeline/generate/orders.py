"""Orders of tenants: each goes through new and accepted to filled, in one or several fills, or is cancelled."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flowforge_pipeline.generate.market import LOTS, Market, Symbol, text
from flowforge_pipeline.messages.envelope import order_entity

TENANTS = {"demo": None, "firm-alpha": ("AAPL", "MSFT", "GOOGL"), "firm-beta": ("JPM", "GS")}
"""Tenant → the symbols it trades; None for all."""
ACCOUNTS = ("main", "hedge")
FEE_PER_SHARE = Decimal("0.0035")
MOST_OPEN = 200
CANCELLED = 0.08
WHOLE = 0.6
"""Share of fills that fill all that is open."""


@dataclass
class Order:
    """An open order. ``left`` is what is not filled yet."""

    order_id: str
    tenant_id: str
    account: str
    symbol: Symbol
    buys: bool
    quantity: int
    left: int
    status: str = "new"
    fills: int = 0


class Book:
    """The tenants' open orders. ``stream`` makes their ids unique."""

    def __init__(self, generator: random.Random, market: Market, stream: str) -> None:
        self._random = generator
        self._market = market
        self._stream = stream
        self._open: list[Order] = []
        self._made = 0
        self._sequence = 0

    def event(self) -> tuple[str, dict[str, Any]]:
        """The next event: its ``entity_id`` and its payload without a time."""
        begins = not self._open or (len(self._open) < MOST_OPEN and self._random.random() < 0.25)
        order = self._new() if begins else self._random.choice(self._open)
        return order_entity(order.tenant_id, order.account, order.symbol.stock.symbol), self._advance(order)

    def _new(self) -> Order:
        tenant = self._random.choice(list(TENANTS))
        symbols = TENANTS[tenant] or tuple(self._market.symbols)
        quantity = self._random.choice(LOTS)
        self._made += 1
        order = Order(
            f"{self._stream}-o{self._made}",
            tenant,
            self._random.choice(ACCOUNTS),
            self._market.symbols[self._random.choice(symbols)],
            self._random.random() < 0.5,
            quantity,
            quantity,
            "",
        )
        self._open.append(order)
        return order

    def _advance(self, order: Order) -> dict[str, Any]:
        price = self._market.touch(order.symbol, buys=order.buys)
        quantity, fill_id, fee = order.quantity, "", Decimal(0)
        if order.status in ("", "new"):
            order.status = "new" if order.status == "" else "accepted"
        elif order.fills == 0 and self._random.random() < CANCELLED:
            order.status = "cancelled"
        else:
            whole = order.left <= LOTS[0] or self._random.random() < WHOLE
            quantity = order.left if whole else order.left // 2
            order.left -= quantity
            order.fills += 1
            order.status = "filled" if order.left == 0 else "partially_filled"
            fill_id, fee = f"{order.order_id}-f{order.fills}", FEE_PER_SHARE * quantity
        if order.status in ("filled", "cancelled"):
            self._open.remove(order)
        self._sequence += 1
        return {
            "order_id": order.order_id,
            "tenant_id": order.tenant_id,
            "account": order.account,
            "symbol": order.symbol.stock.symbol,
            "side": "BUY" if order.buys else "SELL",
            "quantity": str(quantity),
            "price": text(price),
            "status": order.status,
            "fill_id": fill_id,
            "fee": str(fee),
            "sequence": self._sequence,
        }
