"""Posting to whoever is named, over kept connections: one pool per origin, the least used ones closed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from flowforge.stores.http import HttpPool

MOST_ORIGINS = 64
MOST_IDLE = 32
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; header names are lower-case. A longer body is cut."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Posting:
    """The mesh's client for deliveries."""

    def __init__(self) -> None:
        self._pools: OrderedDict[str, HttpPool] = OrderedDict()

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a request; ``OSError`` when nobody answers. Nothing is followed."""
        pool = self._pools.get(url)
        if pool is None:
            pool = self._pools[url] = HttpPool(url, MOST_IDLE)
            while len(self._pools) > MOST_ORIGINS:
                await self._pools.popitem(last=False)[1].aclose()
        self._pools.move_to_end(url)
        async with pool.post({}, body, headers) as answer:
            pieces: list[bytes] = []
            size = 0
            async for piece in answer:
                pieces.append(piece)
                size += len(piece)
                if size > MOST_BYTES:
                    break
            return Answer(answer.status, answer.headers, b"".join(pieces)[:MOST_BYTES])

    async def aclose(self) -> None:
        """Close idle connections."""
        while self._pools:
            await self._pools.popitem()[1].aclose()
