"""The normaliser's process: read raw topics, judge, remember, publish; again from what is remembered."""

from __future__ import annotations

import logging
import time
from collections import Counter
from contextlib import ExitStack

from confluent_kafka import Message

from flowforge_pipeline.broker import BrokerLostError, Confirmations, Position, Producer
from flowforge_pipeline.broker.reading import Place, Reading
from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.messages import KINDS, Kind, normalized, quarantine, raw
from flowforge_pipeline.messages.topics import ALL
from flowforge_pipeline.normalise.batch import judge
from flowforge_pipeline.normalise.journal import Journal
from flowforge_pipeline.normalise.judged import Raw
from flowforge_pipeline.normalise.publish import SELF, Publisher
from flowforge_pipeline.normalise.steps import Instruments
from flowforge_pipeline.normalise.telling import Telling
from flowforge_pipeline.process import Process, running

POLL_SECONDS = 0.25
GATHER_SECONDS = 0.01
"""After a batch of few messages: more of them may be judged together, and nobody waits for long."""
TRIM_EVERY = 5.0

log = logging.getLogger(__name__)


def run() -> int:
    """Until SIGTERM."""
    with running("normalise") as process, ExitStack() as stack:
        journal = Journal(process.place)
        stack.callback(journal.close)
        producer = stack.enter_context(Producer(linger_ms=1))
        telling = stack.enter_context(Telling())
        Normaliser(process, journal, producer, telling).run()
    return 0


class Normaliser:
    """One at a time per journal, which ``running`` sees to."""

    def __init__(self, process: Process, journal: Journal, producer: Producer, telling: Telling) -> None:
        self._process = process
        self._journal = journal
        self._cluster = producer.cluster
        self._telling = telling
        self._publisher = Publisher(
            journal, producer, [name(kind) for kind in KINDS for name in (normalized, quarantine)]
        )
        self._confirmations = Confirmations()
        self._instruments = Instruments(ClickHouse.from_environment())
        self._kinds: dict[str, Kind] = {raw(kind): kind for kind in KINDS}
        self._trimmed = 0.0

    def run(self) -> None:
        """One epoch of the broker after the other."""
        while not self._process.stopping.is_set():
            try:
                self._epoch(self._cluster.wait(patience=1.0))
            except BrokerLostError as lost:
                log.info("%s Waiting for it.", lost)
                self._process.stopping.wait(0.1)

    def _epoch(self, epoch: str) -> None:
        self._cluster.ensure(ALL)
        self._publisher.begin(epoch)
        self._publisher.publish(epoch)
        counts = self._cluster.partitions()
        places = [(topic, number) for topic in self._kinds for number in range(counts.get(topic, 0))]
        offsets = {place: self._journal.position(*place, epoch) for place in places}
        self._publisher.tell_heads(epoch)
        for place, offset in offsets.items():
            self._confirmations.confirm(SELF, *place, Position(epoch, offset))
        with Reading(self._cluster, epoch, offsets) as reading:
            while not self._process.stopping.is_set():
                found = reading.fetch(POLL_SECONDS)
                if found:
                    self._take(epoch, found)
                    self._publisher.publish(epoch)
                    if sum(map(len, found.values())) < 1_000:
                        self._process.stopping.wait(GATHER_SECONDS)
                if time.monotonic() - self._trimmed > TRIM_EVERY:
                    self._trimmed = time.monotonic()
                    self._publisher.trim()

    def _take(self, epoch: str, found: dict[Place, list[Message]]) -> None:
        """Judge and remember, in one transaction; then tell."""
        self._instruments.refresh()
        now = time.time_ns()
        refused: dict[str, tuple[Counter[str], dict[str, str]]] = {}
        read: dict[Place, Position] = {}
        with self._journal.batch():
            for (topic, partition), messages in found.items():
                kind = self._kinds[topic]
                offsets = [message.offset() or 0 for message in messages]
                batch = Raw(kind, topic, partition, epoch, offsets, [message.value() for message in messages])
                judged = judge(batch, self._instruments, self._journal.seen.add, now)
                self._journal.append(normalized(kind), judged.normalised)
                self._journal.append(quarantine(kind), judged.quarantined)
                self._journal.count(topic, judged.counts)
                self._journal.read_to(topic, partition, epoch, offsets[-1] + 1)
                read[topic, partition] = Position(epoch, offsets[-1] + 1)
                refused[topic] = judged.counts, judged.samples
        self._publisher.tell_heads(epoch)
        for place, position in read.items():
            self._confirmations.confirm(SELF, *place, position)
        for topic, (counts, samples) in refused.items():
            self._telling.refused(topic, counts, samples)
