"""Read a topic that the normaliser writes, each message once, over restarts of everybody.

with Consumer("normalized.trades", {0: position}) as consumer:
    while True:
        piece = consumer.poll(0.5)
        if piece is not None:
            store(piece.values, piece.position)      # together, or so that both can be repeated
            confirmations.confirm("my-sink", piece.topic, piece.partition, piece.position)
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self, cast

from confluent_kafka import Message

from flowforge_pipeline.broker.cluster import Cluster
from flowforge_pipeline.broker.position import Position
from flowforge_pipeline.broker.problems import BrokerLostError
from flowforge_pipeline.broker.reading import MOST_MESSAGES, Reading

SEQ = "seq"
"""Header with the number of a message in its topic and partition, counted over all epochs."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive messages of one partition. ``position`` is where to go on after them.

    ``first`` is the seq of the first one, -1 where the topic has none. ``caught_up``: nothing was
    waiting behind them.
    """

    topic: str
    partition: int
    values: list[bytes]
    first: int
    position: Position
    caught_up: bool

    @property
    def epoch(self) -> str:
        """Of the broker."""
        return self.position.epoch


class Consumer:
    """A topic from the given positions on; a partition without one from its beginning.

    In the position's own epoch reading goes on at its offset. In a later one the topic is read from
    its beginning and what has a seq up to the position's is skipped – without a seq, nothing is, and
    whoever keeps none must expect messages again. A broker that is away is waited for.
    """

    def __init__(
        self,
        topic: str,
        positions: Mapping[int, Position] | None = None,
        *,
        brokers: str | None = None,
        partitions: Iterable[int] | None = None,
        most: int = MOST_MESSAGES,
    ) -> None:
        self.topic = topic
        self._positions = dict(positions or {})
        self._only = set(partitions) if partitions is not None else None
        self._cluster = Cluster(brokers)
        self._most = most
        self._reading: Reading | None = None
        self._waiting: list[Piece] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def poll(self, timeout: float = 0.5) -> Piece | None:
        """The next messages, or None when there are none, for ``timeout`` seconds at most, or the broker is away."""
        if self._waiting:
            return self._waiting.pop(0)
        try:
            if self._reading is None:
                self._reading = self._begin()
            found = self._reading.fetch(timeout, self._most)
        except BrokerLostError as lost:
            log.info("%s Going on when it is back.", lost)
            self._end()
            return None
        pieces = [
            self._piece(self._reading, number, messages) for (_, number), messages in sorted(found.items())
        ]
        self._waiting = [piece for piece in pieces if piece is not None]
        return self._waiting.pop(0) if self._waiting else None

    def rest(self) -> None:
        """Ask the broker for nothing until the next ``poll``; for whoever found little and does not poll again soon."""
        if self._reading is not None and not self._waiting:
            self._reading.rest()

    def close(self) -> None:
        """Stop reading."""
        self._end()

    def _begin(self) -> Reading:
        epoch = self._cluster.wait(patience=1.0)
        count = self._cluster.partitions().get(self.topic, 0)
        if count == 0:
            raise BrokerLostError(f"{self.topic} is not there yet.")
        numbers = set(range(count)) if self._only is None else self._only
        offsets = {}
        for number in numbers:
            known = self._positions.get(number, Position(epoch, 0))
            if known.epoch != epoch:  # offsets begin anew; the seq does not
                known = self._positions[number] = Position(epoch, 0, known.seq)
            # The message before tells its seq to a position that was kept without one.
            offsets[number] = known.offset - 1 if known.offset and known.seq < 0 else known.offset
        return Reading(
            self._cluster, epoch, {(self.topic, number): offset for number, offset in offsets.items()}
        )

    def _end(self) -> None:
        if self._reading is not None:
            self._reading.close()
        self._reading = None

    def _piece(self, reading: Reading, partition: int, messages: list[Message]) -> Piece | None:
        known = self._positions.get(partition, Position(reading.epoch, 0))
        values: list[bytes] = []
        first, last = -1, known.seq
        for message in messages:
            seq = seq_of(message)
            if seq >= 0:
                if last >= 0 and seq > last + 1:
                    log.error(
                        "%s/%d lacks messages %d to %d: they were given up before they were read.",
                        self.topic, partition, last + 1, seq - 1,
                    )  # fmt: skip
                if seq <= last:
                    continue  # published again; it was here before
                last = seq
            if (message.offset() or 0) < known.offset:
                continue
            first = seq if not values else first
            values.append(message.value() or b"")
        following = (messages[-1].offset() or 0) + 1
        position = Position(reading.epoch, max(following, known.offset), last)
        self._positions[partition] = position
        if not values:
            return None
        return Piece(
            self.topic, partition, values, first, position, following >= reading.end((self.topic, partition))
        )


def seq_of(message: Message) -> int:
    """The number in the header; -1 where there is none."""
    for name, value in cast("list[tuple[str, bytes]]", message.headers() or []):
        if name == SEQ and value is not None:
            return int(value)
    return -1
