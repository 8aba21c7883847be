"""``flowforge pipeline lag``: how many messages each process of the live pipeline is behind.

*behind*: not read yet. *unconfirmed*: read, and not yet stored so that it survives whatever comes. A flow
confirms what is two of its recovery epochs old, so that some seconds of messages are always unconfirmed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import redis

from flowforge_pipeline.broker import Confirmations
from flowforge_pipeline.messages import KINDS, normalized
from flowforge_pipeline.redis_client import redis_of_environment
from flowforge_pipeline.terminal import say

READ = "flowforge:pipeline:read"
"""Hash: ``<consumer> <topic> <partition>`` → number of the last message read, told once a second."""


@dataclass(frozen=True, slots=True)
class Lag:
    """Of one process on one topic, in messages."""

    process: str
    topic: str
    behind: int
    unconfirmed: int


class Progress:
    """Tells how far a process has read. A Redis that is away costs the report only."""

    def __init__(self) -> None:
        self._client = redis_of_environment(decode_responses=True)

    def tell(self, consumer: str, topic: str, partition: int, seq: int) -> None:
        """The last message read."""
        if self._client is not None:
            try:
                self._client.hset(READ, f"{consumer} {topic} {partition}", seq)
            except redis.RedisError:
                return

    def all(self) -> dict[str, int]:
        """What everybody told."""
        found = self._client.hgetall(READ) if self._client is not None else {}
        return {str(name): int(seq) for name, seq in found.items()}


def lags() -> list[Lag]:
    """Of every process that has ever confirmed or read a normalised topic."""
    confirmations, read = Confirmations(), Progress().all()
    found = []
    for topic in (normalized(kind) for kind in KINDS):
        head = confirmations.head(topic)
        if head is None:
            continue
        for consumer, position in sorted(confirmations.of(topic).items()):
            at = max(read.get(f"{consumer} {topic} 0", -1), position.seq)
            found.append(Lag(consumer, topic, max(0, head.seq - at), max(0, at - position.seq)))
    return found


def show(*, as_json: bool) -> int:
    """Print them."""
    found = lags()
    say(json.dumps([asdict(lag) for lag in found]) if as_json else "\n".join(_table(found)))
    return 0


def _table(found: Iterable[Lag]) -> list[str]:
    lines = [f"{'PROCESS':12} {'TOPIC':20} {'BEHIND':>10} {'UNCONFIRMED':>12}"]
    return lines + [
        f"{lag.process:12} {lag.topic:20} {lag.behind:>10,} {lag.unconfirmed:>12,}" for lag in found
    ]
