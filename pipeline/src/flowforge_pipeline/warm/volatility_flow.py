"""The volatility flow: ``normalized.trades`` → ``metrics.rolling_volatility``, ``latest:volatility:*`` and
``analytics.volatility``. What is estimated is said in :mod:`warm.volatility`.

A row per symbol and minute with a trade, written while the minute runs (once a second, if it changed) and
again, with a higher revision, when a trade within the 24 hours before it arrives late or is corrected.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

import polars as pl

from flowforge_pipeline.clickhouse import ClickHouse, literal
from flowforge_pipeline.instruments import calendar_of
from flowforge_pipeline.warm.logic import Memory, Slice
from flowforge_pipeline.warm.minutes import MINUTE_NS, Minute
from flowforge_pipeline.warm.raw import RawPosition, originals
from flowforge_pipeline.warm.raw_minutes import minutes_of
from flowforge_pipeline.warm.revisions import Revisions
from flowforge_pipeline.warm.sinks import Row, Target, instant
from flowforge_pipeline.warm.trades import scaled
from flowforge_pipeline.warm.volatility import estimates, minutes_per_year
from flowforge_pipeline.warm.volatility_state import PAST_NS, REACH_NS, VolatilityState

log = logging.getLogger(__name__)

_INSTANT = pl.Datetime("ms", "UTC")
_RATIO = pl.Decimal(18, 8)

TARGET = Target(
    table="metrics.rolling_volatility",
    schema=pl.Schema(
        {
            "symbol": pl.String(),
            "window_end": _INSTANT,
            "volatility_1h": _RATIO,
            "volatility_24h": _RATIO,
            "return_pct": _RATIO,
            "returns_1h": pl.Int64(),
            "returns_24h": pl.Int64(),
            "available_at": _INSTANT,
            "revision": pl.UInt64(),
        }
    ),
    time="window_end",
    topic="analytics.volatility",
    latest="latest:volatility",
    latest_fields=(
        "symbol", "volatility_1h", "volatility_24h", "return_pct", "returns_1h", "returns_24h", "window_end",
        "available_at",
    ),
)  # fmt: skip


class VolatilityMemory(Memory[VolatilityState]):
    """Of one partition."""

    def __init__(
        self, clickhouse: ClickHouse, raw_position: RawPosition, revisions: Revisions, dumped: bytes | None
    ) -> None:
        super().__init__(VolatilityState, dumped)
        self._clickhouse = clickhouse
        self._raw_position = raw_position
        self._revisions = revisions
        self._partition = 0

    def take(self, piece: Slice, at: float) -> None:
        """Fold the trades in."""
        late = self.state.late
        self._partition = piece.partition
        self.state.take(scaled(piece.rows), piece.seq)
        if self.state.late > late:
            log.warning("%d minutes more than a day late: answered from raw", self.state.late - late)

    def flush(self, at: float) -> Iterator[Row]:
        """What raw says of spans, then rows of what changed."""
        if self.state.corrections or any(symbol.span for symbol in self.state.symbols.values()):
            stored = self._raw_position(self._partition)
            self._correct(stored)
            yield from self._from_raw(stored)
        for name, symbol in self.state.symbols.items():
            if symbol.dirty is not None and symbol.span is None:
                yield from rows_of(name, symbol.minutes, symbol.dirty, symbol.newest, self._revisions)
                symbol.dirty = None
        self.state.forget()

    def _correct(self, stored: int) -> None:
        ready = [each for each, needs in self.state.corrections.items() if needs <= stored]
        for symbol, time in originals(self._clickhouse, ready):
            self.state.answer_from_raw(symbol, time - time % MINUTE_NS)
        for each in ready:
            del self.state.corrections[each]

    def _from_raw(self, stored: int) -> Iterator[Row]:
        for name, symbol in self.state.symbols.items():
            span = symbol.span
            if span is None or span.needs > stored:
                continue
            until = span.last + REACH_NS + MINUTE_NS
            found = minutes_of(self._clickhouse, name, span.first - PAST_NS, until)
            known = self.state.replace(name, stored, found, until)
            rows = list(rows_of(name, known, span.first, until, self._revisions))
            yield from rows
            written = {row["window_end"] for row in rows}
            for end in self._shown(name, span.first, until):
                if end not in written:  # its only trade was cancelled
                    yield _empty(name, end, self._revisions.next())

    def _shown(self, symbol: str, first: int, last: int) -> Iterator[datetime]:
        """Ends of the minutes that start in ``[first, last]`` and have a row."""
        edges = [f"fromUnixTimestamp64Nano({edge + MINUTE_NS}, 'UTC')" for edge in (first, last)]
        for row in self._clickhouse.rows(
            f"SELECT toUnixTimestamp(window_end) AS seconds FROM {TARGET.table} FINAL "  # noqa: S608 - literals
            f"WHERE symbol = {literal(symbol)} AND window_end BETWEEN {edges[0]} AND {edges[1]}"
        ):
            yield datetime.fromtimestamp(int(row["seconds"]), UTC)


def _empty(symbol: str, end: datetime, revision: int) -> Row:
    nothing = dict.fromkeys(("volatility_1h", "volatility_24h", "return_pct"))
    counts = {"returns_1h": 0, "returns_24h": 0}
    return {
        "symbol": symbol, "window_end": end, **nothing, **counts, "available_at": end, "revision": revision,
    }  # fmt: skip


def rows_of(
    symbol: str, minutes: Mapping[int, Minute], first: int, last: int, revisions: Revisions
) -> Iterable[Row]:
    """Rows of ``metrics.rolling_volatility`` for the minutes that start in ``[first, last]``."""
    revision = revisions.next()
    year = instant(last).year
    found = estimates(minutes, minutes_per_year(calendar_of(symbol), year))
    for row in found.filter(pl.col("start").is_between(first, last)).iter_rows(named=True):
        end = instant(row.pop("start") + MINUTE_NS)
        yield {"symbol": symbol, "window_end": end, **row, "available_at": end, "revision": revision}
