"""From handled events to Valkey: many at a time, each of them once.

The first event goes at once. While a batch is on its way, and for a moment after it began, the next one gathers, so
that a thousand events a second cost some dozens of round trips. An event is acknowledged after its batch, and is
known by its key when it comes again.
"""

from __future__ import annotations

import asyncio
import hashlib

from flowforge.stores.live import Effect, live_store

WINDOW_MS = 500
AT_ONCE = 256
PACE_SECONDS = 0.015
"""Between the beginnings of two batches: of little weight against the window, and it spares every dashboard that
many events touch its share of a round trip for each of them."""


def key_of(source: str, event_id: str) -> str:
    """What identifies an event for ever, in 32 hexadecimal digits."""
    return hashlib.blake2b(f"{source}\0{event_id}".encode(), digest_size=16).hexdigest()


class Committer:
    """Takes effects and hands them to Valkey in batches."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Effect, asyncio.Future[None]]] = []
        self._sending: asyncio.Task[None] | None = None
        self._not_before = 0.0

    async def commit(self, effect: Effect) -> None:
        """Returns once the effect is kept; ``StoreError`` (503) if it could not be."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((effect, done))
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send())
        await done

    async def _send(self) -> None:
        now = asyncio.get_running_loop().time
        while self._waiting:
            await asyncio.sleep(self._not_before - now())
            self._not_before = now() + PACE_SECONDS
            batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            try:
                await (await live_store()).commit(WINDOW_MS, [effect for effect, _ in batch])
            except Exception as failure:  # handed to whoever waits, who knows what to answer
                for _, done in batch:
                    if not done.done():
                        done.set_exception(failure)
            else:
                for _, done in batch:
                    if not done.done():
                        done.set_result(None)
