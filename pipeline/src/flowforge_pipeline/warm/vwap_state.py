"""What the VWAP flow remembers of one partition, and what follows from it. No clock, no engine in here.

A window is *folded* while its trades arrive and forgotten ``LATENESS`` of the symbol's own event time after
its end: a symbol's watermark is the newest event time seen of it, so that one symbol's history may follow
another's. A trade of a forgotten window is late. It is counted, and the window is answered *from raw*, like
one with a correction or one that began before the flow did: summed up again in ClickHouse once the raw sink
has stored what the flow has seen. Every folded window is *settled* the same way in the end: compared with
raw, and written once more only where that differs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from flowforge_pipeline.warm.windows import LENGTH_NS, Key, Window, sums

LATENESS_NS = 60_000_000_000
"""A trade may come a minute of event time after a newer one of its symbol before it is late."""

SETTLE_AFTER_SECONDS = 10.0
"""A window nothing was added to for so long is compared with raw."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction or cancellation: the window of the trade it names changes, too."""

    symbol: str
    corrects_id: str


@dataclass
class VwapState:
    """Of one partition. ``seq`` is the number of the last message taken; ``at`` are seconds of any clock."""

    seq: int = -1
    windows: dict[Key, Window] = field(default_factory=dict)
    watermarks: dict[str, int] = field(default_factory=dict)
    dirty: set[Key] = field(default_factory=set)
    finished: dict[Key, Window] = field(default_factory=dict)
    touched: dict[Key, float] = field(default_factory=dict)
    settling: dict[Key, tuple[int, Window]] = field(default_factory=dict)
    from_raw: dict[Key, int] = field(default_factory=dict)
    corrections: dict[Correction, int] = field(default_factory=dict)
    unsure: set[Key] = field(default_factory=set)
    late: int = 0

    def take(self, trades: pl.DataFrame, seq: int, at: float) -> None:
        """Add a micro-batch (:mod:`warm.trades`) that ends with message ``seq``."""
        self.seq = seq
        parts = sums(trades)
        spans: dict[str, tuple[int, int]] = {}
        for (symbol, _), _, first, last in parts:
            known = spans.get(symbol, (first, last))
            spans[symbol] = (min(first, known[0]), max(last, known[1]))
        for symbol, (first, _) in spans.items():
            if symbol not in self.watermarks:  # its first window may have begun before this flow did
                self.unsure.add((symbol, first - first % LENGTH_NS))
        for key, window, _, _ in parts:
            self._add(key, window, at)
        self._correct(trades.filter(pl.col("status") != "new"))
        for symbol, (_, last) in spans.items():
            self.watermarks[symbol] = max(self.watermarks.get(symbol, 0), last)
        self._forget(spans)

    def settle(self, at: float) -> None:
        """Let windows that were left alone be compared with raw."""
        for key in [key for key, since in self.touched.items() if at - since >= SETTLE_AFTER_SECONDS]:
            self._to_settle(key)

    def folded(self) -> dict[Key, Window]:
        """The windows that changed since the last call, as they are now."""
        changed = {**self.finished, **{key: self.windows[key] for key in self.dirty}}
        self.dirty.clear()
        self.finished.clear()
        return changed

    @property
    def waits_for_raw(self) -> bool:
        """Whether there is anything that raw has to answer."""
        return bool(self.settling or self.from_raw or self.corrections)

    def comparable(self, stored: int) -> dict[Key, Window]:
        """Windows to compare with raw, which has stored everything up to message ``stored``; each once."""
        ready = {key: window for key, (needs, window) in self.settling.items() if needs <= stored}
        for key in ready:
            del self.settling[key]
        return ready

    def answerable(self, stored: int) -> tuple[set[Key], set[Correction]]:
        """Windows and corrections that raw can answer now; each once."""
        windows = {key for key, needs in self.from_raw.items() if needs <= stored}
        corrections = {each for each, needs in self.corrections.items() if needs <= stored}
        for key in windows:
            del self.from_raw[key]
        for each in corrections:
            del self.corrections[each]
        return windows, corrections

    def answer_from_raw(self, keys: Iterable[Key]) -> None:
        """What the flow has folded of these is not the whole truth (any more)."""
        for key in keys:
            if key in self.windows:
                self.unsure.add(key)
            self.dirty.discard(key)
            self.finished.pop(key, None)
            self.settling.pop(key, None)

    def _add(self, key: Key, window: Window, at: float) -> None:
        symbol, start = key
        if _is_over(start, self.watermarks.get(symbol, 0)):
            self.late += window.trade_count
            self.from_raw[key] = self.seq
            return
        known = self.windows.get(key)
        if known is None:
            self.windows[key] = window
        else:
            known.add(window)
        self.settling.pop(key, None)
        if key in self.unsure:
            self.from_raw[key] = self.seq
        else:
            self.dirty.add(key)
            self.touched[key] = at

    def _correct(self, corrections: pl.DataFrame) -> None:
        for symbol, time, corrects_id in corrections.select("symbol", "time", "corrects_id").iter_rows():
            key = (symbol, time - time % LENGTH_NS)
            self.answer_from_raw([key])
            self.from_raw[key] = self.seq
            self.corrections[Correction(symbol, corrects_id)] = self.seq

    def _forget(self, symbols: Iterable[str]) -> None:
        moved = set(symbols)
        for key in [key for key in self.windows if key[0] in moved]:
            if _is_over(key[1], self.watermarks[key[0]]):
                self._to_settle(key)
                self._drop(key)

    def _to_settle(self, key: Key) -> None:
        self.touched.pop(key, None)
        if key in self.windows and key not in self.unsure:
            self.settling[key] = (self.seq, self.windows[key])

    def _drop(self, key: Key) -> None:
        window = self.windows.pop(key)
        if key in self.dirty:
            self.dirty.remove(key)
            self.finished[key] = window
        self.unsure.discard(key)


def _is_over(start: int, watermark: int) -> bool:
    return start + LENGTH_NS + LATENESS_NS <= watermark
