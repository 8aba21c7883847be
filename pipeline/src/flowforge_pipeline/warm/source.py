"""Topics of normalised messages as input of a Bytewax flow: one partition of it per partition of each topic.

One input for all of them: of several inputs, Bytewax lets those that are an epoch ahead spin until the others,
which may be pausing, have followed.

The recovery store keeps each partition's position, by which reading goes on after a crash of the flow *and* of
the broker: messages are numbered over all epochs (``flowforge_pipeline.broker``).

A position is confirmed – the normaliser may forget what lies before it – when it is two epochs old: Bytewax
opens an epoch when the one before it is written to the recovery store.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bytewax.inputs import FixedPartitionedSource, StatefulSourcePartition

from flowforge_pipeline.broker import Confirmations, Consumer, Position
from flowforge_pipeline.lag import Progress
from flowforge_pipeline.messages import Kind, frame, normalized
from flowforge_pipeline.warm.logic import Slice

POLL_SECONDS = 0.1
PAUSE = timedelta(seconds=1)
"""Between polls that found little: a batch costs as much as a thousand messages in it."""
LITTLE = 1_000
TELL_EVERY_SECONDS = 1.0
Keyed = tuple[str, Slice]


class Normalized(FixedPartitionedSource[Keyed, str]):
    """``normalized.<kind>`` of these kinds until ``stop`` is set. The key of an item is the number of its partition."""

    def __init__(self, kinds: Sequence[Kind], name: str, partitions: int, stop: threading.Event) -> None:
        self._kinds: dict[str, Kind] = {normalized(kind): kind for kind in kinds}
        self._name, self._partitions, self._stop = name, partitions, stop

    def list_parts(self) -> list[str]:
        """``<topic>/<number>``."""
        return [f"{topic}/{number}" for topic in self._kinds for number in range(self._partitions)]

    def build_part(self, step_id: str, for_part: str, resume_state: str | None) -> _Partition:
        """Go on where the recovery store says."""
        topic, _, number = for_part.rpartition("/")
        known = Position.parse(resume_state) if resume_state else None
        return _Partition(self._kinds[topic], self._name, int(number), known, self._stop)


class _Partition(StatefulSourcePartition[Keyed, str]):
    def __init__(
        self, kind: Kind, name: str, number: int, known: Position | None, stop: threading.Event
    ) -> None:
        self._kind, self._name, self._number, self._stop = kind, name, number, stop
        self._position, self._snapshots = known, [known]
        self._consumer = Consumer(normalized(kind), {number: known} if known else {}, partitions=[number])
        self._confirmations = Confirmations()
        self._progress, self._told = Progress(), 0.0
        self._next: datetime | None = None

    def next_batch(self) -> list[Keyed]:
        if self._stop.is_set():
            raise StopIteration
        piece = self._consumer.poll(POLL_SECONDS)
        little = piece is None or len(piece.values) < LITTLE
        self._next = datetime.now(UTC) + PAUSE if little else None
        if little:
            self._consumer.rest()
        if piece is None:
            return []
        self._position = piece.position
        if time.monotonic() - self._told > TELL_EVERY_SECONDS or piece.caught_up:
            self._told = time.monotonic()
            self._progress.tell(self._name, piece.topic, self._number, piece.position.seq)
        rows = frame(self._kind, piece.values)
        return [
            (str(self._number), Slice(self._kind, self._number, piece.position.seq, rows, piece.caught_up))
        ]

    def next_awake(self) -> datetime | None:
        return self._next

    def snapshot(self) -> str:
        self._snapshots = [*self._snapshots, self._position][-3:]
        durable = self._snapshots[0]
        if durable is not None and len(self._snapshots) == 3:
            self._confirmations.confirm(self._name, normalized(self._kind), self._number, durable)
        return str(self._position) if self._position is not None else ""

    def close(self) -> None:
        self._consumer.close()
