"""Redis as a cache that may be away: reading then finds nothing, writing does nothing, both are logged."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flowforge.resources import resource
from flowforge.settings import settings

if TYPE_CHECKING:
    from redis.asyncio import Redis

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 0.5
REST_SECONDS = 1.0
"""After a failure Redis is left alone this long: an outage must not cost every request a time-out."""


class Cache:
    """Byte values with a time to live."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._resting_until = 0.0

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """The values in one round trip; None where there is none, all None while Redis is away."""
        return await self._attempt("mget", keys) or [None] * len(keys)

    async def put(self, key: str, value: bytes, ttl_seconds: int) -> None:
        """Keep a value for a while."""
        await self._attempt("set", key, value, ex=ttl_seconds)

    async def _attempt(self, command: str, *arguments: Any, **options: Any) -> Any:
        from redis.exceptions import RedisError

        if time.monotonic() < self._resting_until:
            return None
        try:
            return await getattr(self._client, command)(*arguments, **options)
        except (RedisError, OSError, TimeoutError) as failure:
            self._resting_until = time.monotonic() + REST_SECONDS
            log.warning("The cache is out of reach; answering without it", exc_info=failure)
            return None

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()


@resource
async def cache() -> Cache:
    """The process's cache client; connects on first use."""
    from redis.asyncio import Redis

    return Cache(
        Redis.from_url(
            settings().redis_url.get_secret_value(),
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            decode_responses=False,
        )
    )
