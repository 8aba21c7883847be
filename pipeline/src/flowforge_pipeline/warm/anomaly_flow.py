"""The anomaly flow: ``normalized.trades`` and ``normalized.quotes`` → ``metrics.alerts``, ``analytics.alerts`` and
``flowforge.alert.raised.v1``. What is anomalous is said in :mod:`warm.anomalies`.

An alert is a row and an event under a name made of its kind, symbol and minute: found again after a crash,
it is the same alert.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

import polars as pl
from bytewax.outputs import DynamicSink, StatelessSinkPartition

from flowforge_pipeline.warm.anomalies import Alert, SymbolMinutes
from flowforge_pipeline.warm.logic import Memory, Slice
from flowforge_pipeline.warm.minutes import MINUTE_NS, bars
from flowforge_pipeline.warm.retrying import persistently
from flowforge_pipeline.warm.revisions import Revisions
from flowforge_pipeline.warm.sinks import Row, Target, instant, plain, text
from flowforge_pipeline.warm.spreads import Book, by_second
from flowforge_pipeline.warm.trades import scaled

log = logging.getLogger(__name__)

_INSTANT = pl.Datetime("ms", "UTC")
_UNIT = Decimal("1e-8")

TARGET = Target(
    table="metrics.alerts",
    schema=pl.Schema(
        {
            "symbol": pl.String(),
            "window_end": _INSTANT,
            "kind": pl.String(),
            "window_start": _INSTANT,
            "value": pl.Decimal(38, 8),
            "threshold": pl.Decimal(38, 8),
            "score": pl.Decimal(38, 8),
            "available_at": _INSTANT,
            "revision": pl.UInt64(),
        }
    ),
    time="window_end",
    topic="analytics.alerts",
)


@dataclass
class AnomalyState:
    """Of one partition; trades and quotes of a symbol have the same."""

    symbols: dict[str, SymbolMinutes] = field(default_factory=dict)
    books: dict[str, Book] = field(default_factory=dict)
    alerts: list[Alert] = field(default_factory=list)

    def symbol(self, name: str) -> SymbolMinutes:
        """What is known of a symbol."""
        return self.symbols.setdefault(name, SymbolMinutes())


class AnomalyMemory(Memory[AnomalyState]):
    """Of one partition."""

    def __init__(self, revisions: Revisions, dumped: bytes | None) -> None:
        super().__init__(AnomalyState, dumped)
        self._revisions = revisions

    def take(self, piece: Slice, at: float) -> None:
        """Add to the open minutes, in the order of time, and score those that are over."""
        if piece.kind == "quotes":
            self._quotes(piece.rows)
        else:
            self._trades(piece.rows)

    def flush(self, at: float) -> Iterator[Row]:
        """The alerts since the last time."""
        found, self.state.alerts = self.state.alerts, []
        revision = self._revisions.next()
        for alert in found:
            log.info(
                "%s of %s: %g, more than %g is unusual",
                alert.kind,
                alert.symbol,
                alert.value,
                alert.threshold,
            )
            yield _row(alert, revision)

    def _trades(self, rows: pl.DataFrame) -> None:
        for name, start, bar in sorted(bars(scaled(rows)), key=lambda found: (found[1], found[0])):
            symbol = self.state.symbol(name)
            symbol.trade(start, bar)
            latest = bar.place[0] if bar.place is not None else start
            self.state.alerts += symbol.traded(name, latest)

    def _quotes(self, rows: pl.DataFrame) -> None:
        for name, venue, second, bid, ask in by_second(rows):
            book = self.state.books.setdefault(name, Book())
            ended, before = book.second, book.quote(venue, second, bid, ask)
            symbol = self.state.symbol(name)
            if before is not None:
                symbol.spread(ended - ended % MINUTE_NS, before)
            self.state.alerts += symbol.quoted(name, second)


def _row(alert: Alert, revision: int) -> Row:
    end = instant(alert.start + MINUTE_NS)
    return {
        "symbol": alert.symbol,
        "window_end": end,
        "kind": alert.kind,
        "window_start": instant(alert.start),
        "value": Decimal(alert.value).quantize(_UNIT),
        "threshold": Decimal(alert.threshold).quantize(_UNIT),
        "score": Decimal(alert.score).quantize(_UNIT),
        "available_at": end,
        "revision": revision,
    }


class AlertSink(DynamicSink[Any]):
    """Sends ``flowforge.alert.raised.v1`` for each row."""

    def build(self, step_id: str, worker_index: int, worker_count: int) -> StatelessSinkPartition[Any]:
        """One per worker."""
        from flowforge_events.sending import Sender

        return _AlertPartition(Sender.of_environment())


class _AlertPartition(StatelessSinkPartition[Any]):
    def __init__(self, sender: Any) -> None:
        self._sender = sender

    def write_batch(self, items: list[Any]) -> None:
        from flowforge_events.sending import UnreachableError

        for _, row in items:
            persistently(partial(self._sender.send, _event(row)), "raising an alert", (UnreachableError,))


def _event(row: Row) -> Any:
    from flowforge_events.catalog import AlertRaised
    from flowforge_events.envelope import make

    data = AlertRaised(
        kind=row["kind"],
        symbol=row["symbol"],
        value=plain(row["value"]),
        threshold=plain(row["threshold"]),
        window_start=row["window_start"],
        window_end=row["window_end"],
    )
    name = f"alert:{row['kind']}:{row['symbol']}:{text(row['window_end'])}"
    return make(data, component="anomaly", subject=row["symbol"], event_id=name)
