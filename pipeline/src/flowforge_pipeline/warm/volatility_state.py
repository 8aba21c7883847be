"""What the volatility flow remembers of one partition. No clock, no engine in here.

Of each symbol the last two days of one-minute bars: a trade within them changes its minute, and with it
the rows of all minutes of the 24 hours after. What is older is answered from raw, and so are corrections
and the past of a symbol that is seen for the first time: raw's minutes of a *span* are taken instead of
the remembered ones, except for those that got a trade which raw had not stored yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from flowforge_pipeline.warm.minutes import MINUTE_NS, Minute, bars
from flowforge_pipeline.warm.vwap_state import Correction

REACH_NS = 24 * 60 * MINUTE_NS
"""A row sees returns of 24 hours, and the oldest of them may compare with a minute long before."""
PAST_NS = 2 * REACH_NS


@dataclass(slots=True)
class Span:
    """Minutes whose rows are to be written from raw, once it has stored message ``needs``."""

    first: int
    last: int
    needs: int

    def include(self, start: int, needs: int) -> None:
        """Reach to one more minute."""
        self.first, self.last, self.needs = min(self.first, start), max(self.last, start), needs


@dataclass(slots=True)
class Symbol:
    """``touched`` are the messages (seq) after which minutes were last changed."""

    minutes: dict[int, Minute] = field(default_factory=dict)
    touched: dict[int, int] = field(default_factory=dict)
    newest: int = 0
    dirty: int | None = None
    """The earliest minute whose row must be written."""
    span: Span | None = None


@dataclass
class VolatilityState:
    """Of one partition. ``seq`` is the number of the last message taken."""

    seq: int = -1
    symbols: dict[str, Symbol] = field(default_factory=dict)
    corrections: dict[Correction, int] = field(default_factory=dict)
    late: int = 0

    def take(self, trades: pl.DataFrame, seq: int) -> None:
        """Add a micro-batch (:mod:`warm.trades`) that ends with message ``seq``."""
        self.seq = seq
        for name, start, bar in sorted(bars(trades), key=lambda found: found[:2]):
            self._add(name, start, bar)
        changes = trades.filter(pl.col("status") != "new")
        for name, time, corrects_id in changes.select("symbol", "time", "corrects_id").iter_rows():
            self.answer_from_raw(name, time - time % MINUTE_NS)
            self.corrections[Correction(name, corrects_id)] = seq

    def answer_from_raw(self, name: str, start: int) -> None:
        """What is remembered of this minute is not the whole truth."""
        symbol = self.symbols.setdefault(name, Symbol())
        if symbol.span is None:
            symbol.span = Span(start, start, self.seq)
        else:
            symbol.span.include(start, self.seq)

    def replace(self, name: str, stored: int, minutes: Mapping[int, Minute], until: int) -> dict[int, Minute]:
        """Take raw's minutes from two days before the symbol's span to ``until``, which hold what was sent up
        to message ``stored``. The span is settled; all minutes that are known then are returned.
        """
        symbol = self.symbols[name]
        assert symbol.span is not None
        first = symbol.span.first - PAST_NS
        merged = dict(minutes)
        for start, bar in symbol.minutes.items():
            if not first <= start < until or symbol.touched.get(start, -1) > stored:
                merged[start] = bar.merged(merged[start]) if start in merged else bar
        symbol.newest = max([symbol.newest, *merged])
        symbol.minutes = dict(merged)
        symbol.span = None
        return merged

    def forget(self) -> None:
        """Drop what no row can need any more, of symbols whose rows are written."""
        for symbol in self.symbols.values():
            if symbol.span is not None or symbol.dirty is not None:
                continue
            oldest = symbol.newest - PAST_NS
            for start in [start for start in symbol.minutes if start <= oldest]:
                del symbol.minutes[start]
                symbol.touched.pop(start, None)

    def _add(self, name: str, start: int, bar: Minute) -> None:
        symbol = self.symbols.get(name)
        if symbol is None:
            symbol = self.symbols[name] = Symbol()
            self.answer_from_raw(name, start)
        elif start <= symbol.newest - PAST_NS + REACH_NS:
            self.late += 1
            self.answer_from_raw(name, start)
            return
        known = symbol.minutes.get(start)
        symbol.minutes[start] = known.merged(bar) if known is not None else bar
        symbol.touched[start] = self.seq
        symbol.dirty = start if symbol.dirty is None else min(symbol.dirty, start)
        symbol.newest = max(symbol.newest, start)
