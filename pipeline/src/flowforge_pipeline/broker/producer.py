"""Send messages and return when the broker has acknowledged every one of them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, NamedTuple, Self

from confluent_kafka import KafkaError, Message
from confluent_kafka import Producer as KafkaProducer

from flowforge_pipeline.broker.cluster import QUIET, Cluster
from flowforge_pipeline.broker.problems import BrokerLostError

ACKNOWLEDGED_WITHIN = 10.0
LINGER_MS = 5
BY_KEY = -1
_SETTINGS: dict[str, Any] = {
    **QUIET,
    # In order, and none twice by a retry of the client. One broker session only: a new epoch does not
    # know the producer's id, so that each has a client of its own.
    "enable.idempotence": True,
    "compression.type": "lz4",
    "batch.size": 1 << 20,
    "batch.num.messages": 20_000,
    "queue.buffering.max.messages": 1_000_000,
    "queue.buffering.max.kbytes": 1 << 18,
    "message.timeout.ms": int(ACKNOWLEDGED_WITHIN * 1000),
    "partitioner": "murmur2_random",  # that of Kafka's own clients, so that a key has one place
}


class Outgoing(NamedTuple):
    """A message. The key chooses the partition unless it is given."""

    key: bytes
    value: bytes
    headers: list[tuple[str, str | bytes | None]] | None = None
    partition: int = BY_KEY


@dataclass
class Receipt:
    """Where messages went: partition → the offset after the last of them, in ``epoch``."""

    epoch: str
    offsets: dict[int, int] = field(default_factory=dict)


class Producer:
    """One client per epoch. Not for several threads."""

    def __init__(self, brokers: str | None = None, *, linger_ms: int = LINGER_MS) -> None:
        self.cluster = Cluster(brokers)
        self._settings = {**_SETTINGS, "bootstrap.servers": self.cluster.brokers, "linger.ms": linger_ms}
        self._client: KafkaProducer | None = None
        self._epoch = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drop()

    def send(self, topic: str, messages: Iterable[Outgoing], epoch: str | None = None) -> Receipt:
        """Send all and wait. BrokerLostError: some, all or none of them arrived, in whichever epoch.

        ``epoch`` is the one that the caller believes in; it is asked for where none is given.
        """
        epoch = epoch or self.cluster.epoch()
        client = self._of(epoch)
        receipt, failures = Receipt(epoch), []

        def acknowledged(error: KafkaError | None, message: Message) -> None:
            if error is not None:
                failures.append(error)
                return
            partition, offset = message.partition(), message.offset()
            if partition is not None and offset is not None:
                receipt.offsets[partition] = max(receipt.offsets.get(partition, 0), offset + 1)

        for message in messages:
            _queue(client, topic, message, acknowledged)
            if failures:
                break
        deadline = time.monotonic() + ACKNOWLEDGED_WITHIN
        while not failures and len(client) and time.monotonic() < deadline:
            client.flush(0.25)
            if len(client) and self._gone(epoch):
                break
        if failures or len(client) or self._gone(epoch):
            self._drop()
            why = failures[0].str() if failures else "it was restarted or is away"
            raise BrokerLostError(f"The broker did not take all messages for {topic} ({why}).")
        return receipt

    def _gone(self, epoch: str) -> bool:
        """Whether another epoch answers by now. Acknowledgements in between were this epoch's only if not."""
        try:
            return self.cluster.epoch() != epoch
        except BrokerLostError:
            return True

    def _of(self, epoch: str) -> KafkaProducer:
        if self._client is None or self._epoch != epoch:
            self._drop()
            self._client, self._epoch = KafkaProducer(self._settings), epoch
        return self._client

    def _drop(self) -> None:
        """Forget the client with what it still holds."""
        if self._client is not None:
            self._client.purge()
            self._client.flush(0)
        self._client = None


def _queue(client: KafkaProducer, topic: str, message: Outgoing, acknowledged: Any) -> None:
    while True:
        try:
            client.produce(
                topic,
                message.value,
                message.key,
                message.partition,
                acknowledged,
                headers=message.headers,
            )
        except BufferError:  # the client's queue is full: let it send
            client.poll(0.05)
        else:
            return
