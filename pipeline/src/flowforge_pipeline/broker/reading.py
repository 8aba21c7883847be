"""Consecutive messages of partitions, all of one epoch."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from confluent_kafka import Consumer as KafkaConsumer
from confluent_kafka import KafkaException, Message, TopicPartition

from flowforge_pipeline.broker.cluster import QUIET, Cluster
from flowforge_pipeline.broker.problems import BrokerLostError

MOST_MESSAGES = 10_000
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
    # Tansu answers a fetch that found nothing by asking itself again and again: a busy wait for both.
    "fetch.wait.max.ms": 50,
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def fetch(self, timeout: float, most: int = MOST_MESSAGES) -> dict[Place, list[Message]]:
        """What is there, by topic and partition, in order; empty after ``timeout`` seconds without a message.

        BrokerLostError where the epoch is over, or the broker does not answer, or it does not have
        the offset asked for. The epoch is verified *after* the messages came: it is the same as before
        them, and no epoch comes back, so that all of them are of this epoch.
        """
        try:
            # Asked for many, the client waits the whole time for all of them.
            messages = self._client.consume(1, timeout)
            if messages:
                messages += self._client.consume(most - 1, 0)
        except KafkaException as error:
            raise BrokerLostError(f"The broker cannot be read ({error}).") from error
        broken = [wrong for message in messages if (wrong := message.error()) is not None]
        if broken or self._cluster.epoch() != self.epoch:
            why = broken[0].str() if broken else "the broker was restarted"
            raise BrokerLostError(f"The broker cannot be read on ({why}).")
        found: dict[Place, list[Message]] = {}
        for message in messages:
            place = (message.topic() or "", message.partition() or 0)
            found.setdefault(place, []).append(message)
        return found

    def end(self, place: Place) -> int:
        """The offset after the last message that the broker spoke of; -1 before the first answer.

        From the answers to fetches: Tansu's answer to the question itself stops at its last batch.
        """
        _, high = self._client.get_watermark_offsets(TopicPartition(*place), cached=True)
        return int(high)

    def close(self) -> None:
        """Let go of the client."""
        self._client.close()
