"""The broker as a whole: where it is, which epoch it is in, which topics it has."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterable

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from flowforge_pipeline.broker.problems import BrokerLostError
from flowforge_pipeline.problems import PipelineError

BROKERS = "FLOWFORGE_BROKERS"
PARTITIONS = 1
"""Of a topic that is made here. Messages are spread by key, so order per entity holds with any number."""
ANSWER_WITHIN = 2.0
RETRY_EVERY = 0.1

QUIET = {
    "log_level": 0,  # librdkafka writes to standard error on its own; failures are reported by what asks
    "socket.connection.setup.timeout.ms": 2000,
    "reconnect.backoff.ms": 20,
    "reconnect.backoff.max.ms": 200,
}
"""Settings of every client."""

log = logging.getLogger(__name__)


def address() -> str:
    """``host:port`` of the broker; PipelineError where none is given."""
    value = os.environ.get(BROKERS)
    if not value:
        raise PipelineError(
            f"{BROKERS} is not set.", remedy="`flowforge` sets it; elsewhere give it like 127.0.0.1:9092."
        )
    return value


class Cluster:
    """Questions to the broker. Each is asked anew: nothing is remembered."""

    def __init__(self, brokers: str | None = None) -> None:
        self.brokers = brokers or address()
        self._admin = AdminClient({"bootstrap.servers": self.brokers, **QUIET})

    def epoch(self) -> str:
        """The cluster id; BrokerLostError where nobody answers."""
        try:
            return str(self._admin.list_topics(timeout=ANSWER_WITHIN).cluster_id)
        except KafkaException as error:
            raise BrokerLostError(
                f"The broker at {self.brokers} does not answer ({_text(error)})."
            ) from error

    def wait(self, patience: float = float("inf")) -> str:
        """The epoch, as soon as the broker answers within ``patience`` seconds."""
        deadline = time.monotonic() + patience
        while True:
            try:
                return self.epoch()
            except BrokerLostError:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(RETRY_EVERY)

    def ensure(self, topics: Iterable[str], partitions: int = PARTITIONS) -> None:
        """Make the topics that are not there. Not left to the broker: it would choose the partitions."""
        missing = set(topics) - self.partitions().keys()
        wanted = [
            NewTopic(topic, num_partitions=partitions, replication_factor=1) for topic in sorted(missing)
        ]
        if not wanted:
            return
        for future in self._admin.create_topics(wanted).values():
            try:
                future.result(timeout=ANSWER_WITHIN)
            except KafkaException as error:
                if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                    raise BrokerLostError(f"The broker does not make topics ({_text(error)}).") from error

    def partitions(self) -> dict[str, int]:
        """Topic → number of its partitions."""
        try:
            topics = self._admin.list_topics(timeout=ANSWER_WITHIN).topics
        except KafkaException as error:
            raise BrokerLostError(
                f"The broker at {self.brokers} does not answer ({_text(error)})."
            ) from error
        return {name: len(topic.partitions) for name, topic in topics.items()}


def _text(error: KafkaException) -> str:
    found = error.args[0] if error.args else error
    return str(found.str()) if isinstance(found, KafkaError) else str(found)
