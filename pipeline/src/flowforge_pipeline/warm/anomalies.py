"""Anomalies of one symbol: a minute whose volume, spread or return is far from those of the last two hours.

Robust z-scores (:mod:`warm.scores`) of one-minute values, each against the up to 120 minutes with a value
before it and none before there are 30 (the warm-up). An alert is raised where

* **volume**: z > 3.5 on ln(1 + Σ quantity) of eligible trades,
* **spread**: z > 3.5 on ln(median relative spread of the minute's seconds),
* **price**: abs(z) > 3.5 on the logarithmic return from the minute before, of the same day.

3.5 is Iglewicz and Hoaglin's limit. Volume and spread are positive and skewed to the right, so that their
logarithms are scored (as in every model with log-normal volume), and only large ones are anomalous.
The deviation is not taken for less than 0.1 (10 %) of volume and spread and one basis point of return.
Minutes without a value are left out, neither filled nor scored.

A minute is scored once, five seconds of event time after its end; what comes later is counted as late.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Literal, NamedTuple

from flowforge_pipeline.warm.minutes import MINUTE_NS, Minute
from flowforge_pipeline.warm.scores import THRESHOLD, limit, robust_z

Kind = Literal["volume", "spread", "price"]

HISTORY, WARM_UP = 120, 30
WAIT_NS = 5_000_000_000
FLOORS: dict[Kind, float] = {"volume": 0.1, "spread": 0.1, "price": 1e-4}
_VOLUME_UNITS = 10_000


class Alert(NamedTuple):
    """``value`` and ``threshold`` in units, basis points or percent, by kind; ``start`` in nanoseconds."""

    kind: Kind
    symbol: str
    start: int
    value: float
    threshold: float
    score: float


@dataclass(slots=True)
class SymbolMinutes:
    """A symbol's open minutes and the values of the closed ones. Trades and quotes come by different
    topics, neither of which waits for the other: each closes its own minutes.
    """

    bars: dict[int, Minute] = field(default_factory=dict)
    spreads: dict[int, list[float]] = field(default_factory=dict)
    bars_closed: int = 0
    spreads_closed: int = 0
    """Minutes that start before this are over."""
    before: tuple[int, str] | None = None
    """Last price and day of the newest closed minute."""
    history: dict[Kind, deque[float]] = field(
        default_factory=lambda: {kind: deque(maxlen=HISTORY) for kind in FLOORS}
    )
    late: int = 0

    def trade(self, start: int, bar: Minute) -> None:
        """More trades of a minute."""
        if start < self.bars_closed:
            self.late += 1
            return
        known = self.bars.get(start)
        self.bars[start] = known.merged(bar) if known is not None else bar

    def spread(self, start: int, value: float) -> None:
        """The spread of one more second of a minute."""
        if start < self.spreads_closed:
            self.late += 1
            return
        self.spreads.setdefault(start, []).append(value)

    def traded(self, symbol: str, now: int) -> Iterator[Alert]:
        """Score the volumes and prices of minutes that are over at ``now`` (event time of a trade)."""
        for start in _over(self.bars, now):
            bar = self.bars.pop(start)
            self.bars_closed = start + MINUTE_NS
            if bar.volume:
                yield from self._judge(symbol, start, "volume", math.log1p(bar.volume / _VOLUME_UNITS))
            if bar.last:
                if self.before is not None and self.before[1] == bar.day:
                    yield from self._judge(symbol, start, "price", math.log(bar.last / self.before[0]))
                self.before = (bar.last, bar.day)

    def quoted(self, symbol: str, now: int) -> Iterator[Alert]:
        """Score the spreads of minutes that are over at ``now`` (event time of a quote)."""
        for start in _over(self.spreads, now):
            self.spreads_closed = start + MINUTE_NS
            yield from self._judge(symbol, start, "spread", math.log(median(self.spreads.pop(start))))

    def _judge(self, symbol: str, start: int, kind: Kind, value: float) -> Iterator[Alert]:
        history = self.history[kind]
        if len(history) >= WARM_UP:
            score = robust_z(value, history, FLOORS[kind])
            if score > THRESHOLD or (kind == "price" and score < -THRESHOLD):
                bound = limit(history, FLOORS[kind], THRESHOLD if score > 0 else -THRESHOLD)
                yield Alert(kind, symbol, start, _shown(kind, value), _shown(kind, bound), score)
        history.append(value)


def _over(minutes: Iterable[int], now: int) -> list[int]:
    return sorted(start for start in minutes if start + MINUTE_NS + WAIT_NS <= now)


def _shown(kind: Kind, value: float) -> float:
    if kind == "volume":
        return math.expm1(value)
    return math.exp(value) if kind == "spread" else math.expm1(value) * 100
