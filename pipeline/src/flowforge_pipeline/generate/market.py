"""A market of synthetic symbols: prices walk in cents, quotes stand around them on every venue.

The walk is that of the sample data (``seed.walk``), step by step: a geometric random walk with a pull
towards a base price, its variance in proportion to time. Spreads widen with the size of recent moves.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from typing import Any

from flowforge_pipeline.seed.walk import STOCKS, Stock

VENUES = ("XNAS", "XNYS", "ARCX", "BATS")
LOTS = (10, 25, 50, 100, 100, 100, 200, 300, 500, 1000)
UNCEASING = (Stock("BTCUSD", 64_000.0, 0.55),)
"""Traded day and night, so that windows of the regular session have something to show at any hour."""
SESSION_SECONDS = 6.5 * 3600
TRADING_DAYS = 252
PULL_PER_DAY = 0.01
CALMING = 0.94
"""Weight of what was known in the running mean of squared moves (RiskMetrics 1996)."""


@dataclass
class Symbol:
    """One symbol's state. ``level`` is its price in currency units, ``at`` when it last moved, in seconds."""

    stock: Stock
    level: float
    at: float
    variance: float
    sequence: int = 0
    quoted: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Venue → bid and ask in cents."""

    @property
    def cents(self) -> int:
        """The price on the grid."""
        return max(2, round(self.level * 100))


class Market:
    """All symbols. ``levels`` are where prices begin; a symbol without one begins at its base price."""

    def __init__(self, generator: random.Random, levels: dict[str, float], now: float) -> None:
        self._random = generator
        self.symbols = {
            stock.symbol: Symbol(
                stock,
                levels.get(stock.symbol, stock.base_price),
                now,
                stock.volatility**2 / TRADING_DAYS / SESSION_SECONDS,
            )
            for stock in (*STOCKS, *UNCEASING)
        }

    def pick(self) -> Symbol:
        """Some symbol."""
        return self._random.choice(list(self.symbols.values()))

    def trade(self, symbol: Symbol, now: float) -> dict[str, Any]:
        """The next trade: it takes a venue's bid or offer, where there is a quote, else the price."""
        self._move(symbol, now)
        venue = self._random.choice(VENUES)
        buys = self._random.random() < 0.5
        bid, ask = symbol.quoted.get(venue) or (symbol.cents, symbol.cents)
        symbol.sequence += 1
        return {
            "symbol": symbol.stock.symbol,
            "side": "BUY" if buys else "SELL",
            "quantity": str(self._random.choice(LOTS)),
            "price": text(ask if buys else bid),
            "venue": venue,
            "sequence": symbol.sequence,
        }

    def quote(self, symbol: Symbol, now: float) -> dict[str, Any]:
        """The next quote of some venue, two-sided."""
        self._move(symbol, now)
        venue = self._random.choice(VENUES)
        typical = math.sqrt(symbol.variance / (symbol.stock.volatility**2 / TRADING_DAYS / SESSION_SECONDS))
        half = symbol.level * 1e-4 * self._random.uniform(0.4, 1.6) * min(8.0, max(0.5, typical)) * 100
        bid = max(1, math.floor(symbol.level * 100 - half))
        ask = max(bid + 1, math.ceil(symbol.level * 100 + half))
        symbol.quoted[venue] = bid, ask
        symbol.sequence += 1
        return {
            "symbol": symbol.stock.symbol,
            "bid": text(bid),
            "ask": text(ask),
            "bid_size": str(self._random.choice(LOTS) * 2),
            "ask_size": str(self._random.choice(LOTS) * 2),
            "venue": venue,
            "sequence": symbol.sequence,
        }

    def touch(self, symbol: Symbol, *, buys: bool) -> int:
        """What a taker pays or gets, in cents: the best offer or bid over all venues."""
        if not symbol.quoted:
            return symbol.cents
        sides = [ask if buys else bid for bid, ask in symbol.quoted.values()]
        return min(sides) if buys else max(sides)

    def _move(self, symbol: Symbol, now: float) -> None:
        elapsed = max(1e-6, now - symbol.at)
        stock = symbol.stock
        usual = stock.volatility**2 / TRADING_DAYS / SESSION_SECONDS
        distance = math.log(symbol.level / stock.base_price)
        pull = PULL_PER_DAY * elapsed / SESSION_SECONDS * distance
        step = math.sqrt(usual * elapsed) * self._random.gauss(0.0, 1.0)
        symbol.level *= math.exp(step - pull)
        symbol.variance = CALMING * symbol.variance + (1 - CALMING) * step * step / elapsed
        symbol.at = now


def text(cents: int) -> str:
    """Cents as a decimal."""
    return f"{cents // 100}.{cents % 100:02d}"
