"""Sending from a source that can repeat itself: what the normaliser has not taken is kept and sent again."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from flowforge_pipeline.broker.cluster import Cluster
from flowforge_pipeline.broker.confirmations import Confirmations
from flowforge_pipeline.broker.problems import BrokerLostError
from flowforge_pipeline.broker.producer import Outgoing, Producer, Receipt

NORMALISER = "normalise"
WAIT_SECONDS = 0.02
ASK_EPOCH_EVERY = 0.5
MOST_WAITING = 200_000
"""Messages sent and not yet taken: beyond, sending waits. It bounds this process's memory and the broker's."""

log = logging.getLogger(__name__)


@dataclass
class _Chunk:
    topic: str
    messages: Sequence[Outgoing]
    receipt: Receipt


class DurableSender:
    """Of one source; messages need event ids, by which the normaliser knows those that come again."""

    def __init__(self, producer: Producer, confirmations: Confirmations, stopping: threading.Event) -> None:
        self._producer = producer
        self._cluster: Cluster = producer.cluster
        self._confirmations = confirmations
        self._stopping = stopping
        self._waiting: deque[_Chunk] = deque()
        self._asked = 0.0
        self._made: set[tuple[str, str]] = set()
        """Epoch and topic of what is there."""
        self.sent = 0
        """Messages, those sent again included."""

    def send(self, topic: str, messages: Sequence[Outgoing]) -> None:
        """Send, and go on when little enough waits to be taken. A broker that is away is waited for."""
        self._deliver(_Chunk(topic, messages, Receipt("")))
        while not self._stopping.is_set() and self._count() > MOST_WAITING:
            self._settle()

    def drain(self) -> None:
        """Return when the normaliser has taken everything, or the process is asked to stop."""
        while not self._stopping.is_set() and self._waiting:
            self._settle()

    def settle(self) -> None:
        """Forget what was taken, and send again what a broker has lost. For sources that send little."""
        if self._waiting:
            self._settle(pause=0.0)

    def _count(self) -> int:
        return sum(len(chunk.messages) for chunk in self._waiting)

    def _deliver(self, chunk: _Chunk) -> None:
        while not self._stopping.is_set():
            try:
                epoch = self._cluster.epoch()
                if (epoch, chunk.topic) not in self._made:
                    self._cluster.ensure([chunk.topic])
                    self._made.add((epoch, chunk.topic))
                chunk.receipt = self._producer.send(chunk.topic, chunk.messages, epoch)
            except BrokerLostError as lost:
                log.info("%s Sending again.", lost)
                self._stopping.wait(0.1)
                continue
            self.sent += len(chunk.messages)
            self._waiting.append(chunk)
            self._repeat(chunk.receipt.epoch)
            return

    def _settle(self, pause: float = WAIT_SECONDS) -> None:
        while self._waiting and self._taken(self._waiting[0]):
            self._waiting.popleft()
        if not self._waiting:
            return
        if time.monotonic() - self._asked > ASK_EPOCH_EVERY:
            self._asked = time.monotonic()
            with contextlib.suppress(BrokerLostError):  # still away: the next question will tell
                self._repeat(self._cluster.epoch())
        self._stopping.wait(pause)

    def _taken(self, chunk: _Chunk) -> bool:
        for partition, offset in chunk.receipt.offsets.items():
            position = self._confirmations.of(chunk.topic, partition).get(NORMALISER)
            if position is None or position.epoch != chunk.receipt.epoch or position.offset < offset:
                return False
        return True

    def _repeat(self, epoch: str) -> None:
        """Send again, in order, what was sent in an epoch that is over."""
        lost = [chunk for chunk in self._waiting if chunk.receipt.epoch != epoch]
        if not lost:
            return
        log.warning(
            "The broker was restarted; sending %d messages again.", sum(len(c.messages) for c in lost)
        )
        self._waiting = deque(chunk for chunk in self._waiting if chunk.receipt.epoch == epoch)
        for chunk in lost:
            self._deliver(chunk)
