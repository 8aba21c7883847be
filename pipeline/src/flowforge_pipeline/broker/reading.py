"""Consecutive messages of partitions, all of one epoch."""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from confluent_kafka import Consumer as KafkaConsumer
from confluent_kafka import KafkaError, KafkaException, Message, TopicPartition

from flowforge_pipeline.broker.cluster import QUIET, Cluster
from flowforge_pipeline.broker.problems import BrokerLostError

MOST_MESSAGES = 10_000
VERIFY_EVERY = 1.0
"""Seconds after which the epoch is verified although no message came."""
Place = tuple[str, int]
"""A topic and a partition of it."""
_SETTINGS: dict[str, Any] = {
    **QUIET,
    # A group is named because the client demands one; it is never joined: partitions are assigned.
    "group.id": "flowforge",
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "auto.offset.reset": "error",
    "allow.auto.create.topics": False,
    # Tansu answers a fetch that found nothing by asking itself again and again: work for both, and the later the
    # rarer it asks. Whoever can wait for messages rests in between.
    "fetch.wait.max.ms": 100,
    "enable.partition.eof": True,
    "fetch.error.backoff.ms": 50,
    "queued.min.messages": 50_000,
    "queued.max.messages.kbytes": 1 << 16,
}


class Reading:
    """Reads in one epoch and says so when it is over: then a new Reading begins."""

    def __init__(self, cluster: Cluster, epoch: str, offsets: Mapping[Place, int]) -> None:
        self._cluster = cluster
        self.epoch = epoch
        self._client = KafkaConsumer({**_SETTINGS, "bootstrap.servers": cluster.brokers})
        self._client.assign([TopicPartition(*place, offset) for place, offset in offsets.items()])
        self._places = frozenset(offsets)
        self._answered: set[Place] = set()
        self._resting = False
        self._verified = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def fetch(self, timeout: float, most: int = MOST_MESSAGES) -> dict[Place, list[Message]]:
        """What is there, by topic and partition, in order; empty where nothing came within ``timeout`` seconds, or
        the broker has said that there is nothing more.

        BrokerLostError where the epoch is over, or the broker does not answer, or it does not have
        the offset asked for. The epoch is verified *after* the messages came: it is the same as before
        them, and no epoch comes back, so that all of them are of this epoch.
        """
        try:
            self._wake()
            # Asked for many, the client waits the whole time for all of them.
            messages = self._client.consume(1, timeout)
            if messages:
                messages += self._client.consume(most - 1, 0)
        except KafkaException as error:
            raise BrokerLostError(f"The broker cannot be read ({error}).") from error
        found: dict[Place, list[Message]] = {}
        broken = ""
        for message in messages:
            place = (message.topic() or "", message.partition() or 0)
            self._answered.add(place)
            wrong = message.error()
            if wrong is None:
                found.setdefault(place, []).append(message)
            elif wrong.code() != KafkaError._PARTITION_EOF:
                broken = broken or wrong.str()
        if broken or self._is_over(verify=bool(found)):
            raise BrokerLostError(f"The broker cannot be read on ({broken or 'the broker was restarted'}).")
        return found

    def rest(self) -> None:
        """Ask the broker for nothing until the next ``fetch``.

        Only once it has answered for every partition since the last rest: however slow the answer, it is waited
        for, by as many calls of ``fetch`` as it takes.
        """
        if not self._resting and self._answered >= self._places:
            self._client.pause([TopicPartition(*place) for place in self._places])
            self._resting = True

    def _wake(self) -> None:
        if self._resting:
            self._client.resume([TopicPartition(*place) for place in self._places])
            self._answered.clear()
            self._resting = False

    def _is_over(self, *, verify: bool) -> bool:
        now = time.monotonic()
        if not verify and now - self._verified < VERIFY_EVERY:
            return False
        self._verified = now
        return self._cluster.epoch() != self.epoch

    def end(self, place: Place) -> int:
        """The offset after the last message that the broker spoke of; -1 before the first answer.

        From the answers to fetches: Tansu's answer to the question itself stops at its last batch.
        """
        _, high = self._client.get_watermark_offsets(TopicPartition(*place), cached=True)
        return int(high)

    def close(self) -> None:
        """Let go of the client."""
        self._client.close()
