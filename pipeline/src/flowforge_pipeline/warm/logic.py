"""How a flow's memory runs inside Bytewax: batches in, rows out once a second, a snapshot per epoch.

Bytewax writes the snapshots of an epoch in one transaction with the offsets at which the epoch ends, so
that after a crash a flow goes on with exactly the memory it had at those offsets: nothing is counted
twice. What it wrote since then is written again, under the same keys and a higher revision. To keep a
restart from showing less than was shown before, nothing is written until the flow has caught up with
where it may have been.
"""

from __future__ import annotations

import pickle
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

import polars as pl
from bytewax.operators import StatefulBatchLogic

from flowforge_pipeline.messages import Kind

State = TypeVar("State")

FLUSH_EVERY = timedelta(seconds=1)
CATCH_UP_SECONDS = 10.0
"""Longest silence of a flow that has much to catch up with."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Consecutive messages of one partition, decoded. ``seq`` is the number of the last of them.

    ``caught_up``: nothing was waiting behind them.
    """

    kind: Kind
    partition: int
    seq: int
    rows: pl.DataFrame
    caught_up: bool


class Memory(ABC, Generic[State]):
    """A flow's state of one partition, with the engines it asks; from its dump, or ``new``."""

    def __init__(self, new: Callable[[], State], dumped: bytes | None) -> None:
        self.state: State = pickle.loads(dumped) if dumped else new()  # noqa: S301 - our own recovery store

    @abstractmethod
    def take(self, piece: Slice, at: float) -> None:
        """Add messages; ``at`` is the time in seconds since 1970."""

    @abstractmethod
    def flush(self, at: float) -> Iterable[Any]:
        """What is to be written now."""

    def dump(self) -> bytes:
        """The state, to go on with in another process."""
        return pickle.dumps(self.state)


class FlowLogic(StatefulBatchLogic[Slice, Any, bytes]):
    """One partition of a flow."""

    def __init__(self, memory: Memory[Any]) -> None:
        self._memory = memory
        self._caught_up = False
        self._silent_until = time.monotonic() + CATCH_UP_SECONDS
        self._next = datetime.now(UTC) + FLUSH_EVERY

    def on_batch(self, values: Sequence[Slice]) -> tuple[Iterable[Any], bool]:
        """Take in what came."""
        now = time.time()
        for piece in values:
            self._memory.take(piece, now)
            self._caught_up = self._caught_up or piece.caught_up
        return (), self.RETAIN

    def on_notify(self) -> tuple[Iterable[Any], bool]:
        """Once a second."""
        self._next = datetime.now(UTC) + FLUSH_EVERY
        return self._flushed(), self.RETAIN

    def on_eof(self) -> tuple[Iterable[Any], bool]:
        """The process was asked to stop."""
        return self._flushed(), self.RETAIN

    def notify_at(self) -> datetime:
        """When ``on_notify`` is due."""
        return self._next

    def snapshot(self) -> bytes:
        """What ``Memory`` is made of again."""
        return self._memory.dump()

    def _flushed(self) -> Iterable[Any]:
        self._caught_up = self._caught_up or time.monotonic() >= self._silent_until
        return list(self._memory.flush(time.time())) if self._caught_up else ()
