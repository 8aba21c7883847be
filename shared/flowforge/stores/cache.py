"""Redis as a cache that may be away: reading then finds nothing, writing does nothing, both are logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flowforge.resources import resource
from flowforge.stores.resp import BestEffort, connect

TIMEOUT_SECONDS = 0.5


class Cache:
    """Byte values with a time to live."""

    def __init__(self, redis: BestEffort) -> None:
        self.redis = redis

    async def look(self, keys: Sequence[str]) -> list[bytes | None] | None:
        """The values in one round trip, None where there is none; None altogether while Redis is away."""
        found: list[bytes | None] | None = await self.redis("MGET", *keys)
        return found

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """The values in one round trip; None where there is none, all None while Redis is away."""
        return await self.look(keys) or [None] * len(keys)

    async def put(self, values: Mapping[str, bytes], ttl_seconds: int) -> None:
        """Keep values by their keys for a while."""
        await self.redis.all([("SET", key, value, "EX", ttl_seconds) for key, value in values.items()])

    async def aclose(self) -> None:
        """Close the connection."""
        await self.redis.aclose()


@resource
async def cache() -> Cache:
    """The process's cache client; connects on first use."""
    return Cache(BestEffort(connect(TIMEOUT_SECONDS), "The cache is out of reach; answering without it"))
