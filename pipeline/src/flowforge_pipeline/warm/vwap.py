"""The VWAP flow: ``normalized.trades`` → ``metrics.vwap_5min``, ``latest:vwap:*`` and ``analytics.vwap``.

Five-minute windows of event time, written while they are open (once a second, if they changed) and settled
against raw when they are over (:mod:`warm.vwap_state` says how). Each write of a window is a row of its own
with a higher revision; whoever reads takes the highest.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.warm.logic import Memory, Slice
from flowforge_pipeline.warm.raw import RawPosition, originals, windows_of
from flowforge_pipeline.warm.revisions import Revisions
from flowforge_pipeline.warm.sinks import Row, Target, instant
from flowforge_pipeline.warm.trades import scaled
from flowforge_pipeline.warm.vwap_state import VwapState
from flowforge_pipeline.warm.windows import LENGTH_NS, Key, Window

log = logging.getLogger(__name__)

_INSTANT = pl.Datetime("ms", "UTC")

TARGET = Target(
    table="metrics.vwap_5min",
    schema=pl.Schema(
        {
            "symbol": pl.String(),
            "window_end": _INSTANT,
            "vwap": pl.Decimal(38, 12),
            "volume": pl.Decimal(38, 4),
            "trade_count": pl.Int64(),
            "spread_bps": pl.Decimal(18, 4),
            "notional": pl.Decimal(38, 10),
            "high": pl.Decimal(18, 6),
            "low": pl.Decimal(18, 6),
            "bucket_start": _INSTANT,
            "bucket_end": _INSTANT,
            "available_at": _INSTANT,
            "revision": pl.UInt64(),
        }
    ),
    time="window_end",
    topic="analytics.vwap",
    latest="latest:vwap",
    latest_fields=(
        "symbol", "vwap", "volume", "trade_count", "spread_bps", "notional", "window_end", "available_at",
    ),
)  # fmt: skip


class VwapMemory(Memory[VwapState]):
    """Of one partition."""

    def __init__(
        self, clickhouse: ClickHouse, raw_position: RawPosition, revisions: Revisions, dumped: bytes | None
    ) -> None:
        super().__init__(VwapState, dumped)
        self._clickhouse = clickhouse
        self._raw_position = raw_position
        self._revisions = revisions
        self._partition = 0

    def take(self, piece: Slice, at: float) -> None:
        """Fold the trades in."""
        late = self.state.late
        self._partition = piece.partition
        self.state.take(scaled(piece.rows), piece.seq, at)
        if self.state.late > late:
            log.warning("%d late trades: their windows are summed up from raw", self.state.late - late)

    def flush(self, at: float) -> Iterator[Row]:
        """Folded windows, then what raw says of the others."""
        self.state.settle(at)
        yield from self._rows(self.state.folded())
        if not self.state.waits_for_raw:
            return
        stored = self._raw_position(self._partition)
        keys, corrections = self.state.answerable(stored)
        times = originals(self._clickhouse, corrections)
        corrected = {(symbol, time - time % LENGTH_NS) for symbol, time in times}
        self.state.answer_from_raw(corrected)
        yield from self._rows(windows_of(self._clickhouse, keys | corrected))
        yield from self._settled(self.state.comparable(stored))

    def _settled(self, folded: Mapping[Key, Window]) -> Iterable[Row]:
        stored = windows_of(self._clickhouse, folded)
        differing = {key: window for key, window in stored.items() if window != folded[key]}
        if differing:
            log.info("%d of %d windows are not as raw has them: written again", len(differing), len(folded))
            self.state.answer_from_raw(differing)
        return self._rows(differing)

    def _rows(self, windows: Mapping[Key, Window]) -> Iterable[Row]:
        revision = self._revisions.next()
        return [row(key, windows[key], revision) for key in sorted(windows)]


def row(key: Key, window: Window, revision: int) -> Row:
    """A row of ``metrics.vwap_5min``."""
    symbol, start = key
    end = instant(start + LENGTH_NS)
    return {
        "symbol": symbol,
        "window_end": end,
        **window.columns(),
        "bucket_start": instant(start),
        "bucket_end": end,
        "available_at": end,
        "revision": revision,
    }
