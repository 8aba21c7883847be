"""How far each consumer has stored what it read, in Redis, for the others.

``flowforge:pipeline:confirmed`` is a hash: ``<consumer> <topic> <partition>`` → position. The normaliser
keeps in its journal what some consumer has not confirmed; a flow that answers from raw waits until
the raw sink has stored what it has seen itself.
"""

from __future__ import annotations

import logging

import redis

from flowforge_pipeline.broker.position import Position
from flowforge_pipeline.redis_client import redis_of_environment

KEY = "flowforge:pipeline:confirmed"
_HEAD = "head"

log = logging.getLogger(__name__)


class Confirmations:
    """May be used from any thread. A Redis that is away delays others, and loses nothing."""

    def __init__(self, url: str | None = None) -> None:
        self._said = False
        self._client = redis_of_environment(url, decode_responses=True)

    def confirm(self, consumer: str, topic: str, partition: int, position: Position) -> None:
        """What lies before ``position`` is stored for good."""
        if self._client is None:
            return
        try:
            self._client.hset(KEY, f"{consumer} {topic} {partition}", str(position))
        except redis.RedisError as error:
            self._say(error)
        else:
            self._said = False

    def tell_head(self, topic: str, position: Position) -> None:
        """The newest message of a topic that the normaliser has taken to publish."""
        self.confirm(_HEAD, topic, 0, position)

    def head(self, topic: str) -> Position | None:
        """What :meth:`tell_head` told."""
        return (self._all() or {}).get(f"{_HEAD} {topic} 0")

    def of(self, topic: str, partition: int = 0) -> dict[str, Position]:
        """Consumer → position of those that read this partition; empty where Redis is away."""
        return self.asked(topic, partition) or {}

    def asked(self, topic: str, partition: int = 0) -> dict[str, Position] | None:
        """The same, but None where Redis is away: then nobody knows what is still needed."""
        found = self._all()
        if found is None:
            return None
        suffix = f" {topic} {partition}"
        names = {name.removesuffix(suffix): name for name in found if name.endswith(suffix)}
        return {consumer: found[name] for consumer, name in names.items() if consumer != _HEAD}

    def forget(self, consumer: str) -> None:
        """A consumer that will not come back holds nothing up any more."""
        if self._client is not None:
            names = [name for name in self._all() or () if name.startswith(f"{consumer} ")]
            if names:
                self._client.hdel(KEY, *names)

    def _all(self) -> dict[str, Position] | None:
        if self._client is None:
            return {}
        try:
            found = self._client.hgetall(KEY)
        except redis.RedisError as error:
            self._say(error)
            return None
        self._said = False
        return {str(name): Position.parse(str(text)) for name, text in found.items()}

    def _say(self, error: redis.RedisError) -> None:
        """Once, until it answers again."""
        if not self._said:
            log.warning("Redis does not keep how far consumers are (%s).", type(error).__name__)
        self._said = True
