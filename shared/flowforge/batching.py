"""Doing together what is asked for at the same time: one round trip to a store for many callers.

The first caller's work starts at once; whoever asks meanwhile is in the next batch. So nobody waits for company – but
where there is company already, ``pace`` seconds lie between the beginnings of two batches: a thousand callers a second
that each found the last round trip just ended would cost a thousand of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Batching(Generic[Item, Result]):
    """``work`` gets items and returns as many results, an exception among them for an item that failed."""

    def __init__(
        self, work: Callable[[Sequence[Item]], Awaitable[Sequence[Result | Exception]]], pace: float = 0.0
    ) -> None:
        self._work = work
        self._pace = pace
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._running: asyncio.Task[None] | None = None

    def __call__(self, item: Item) -> asyncio.Future[Result]:
        """The item's result, to come; its exception, or that of the whole batch."""
        place: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, place))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return place

    async def _run(self) -> None:
        now = asyncio.get_running_loop().time
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                began = now()
                await self._one(batch)
                if self._pace and (len(batch) > 1 or self._waiting):
                    await asyncio.sleep(began + self._pace - now())
        finally:
            self._running = None

    async def _one(self, batch: Sequence[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._work([item for item, _ in batch])
        except Exception as error:  # handed on to everybody who waits
            results = [error] * len(batch)
        except asyncio.CancelledError:
            for _, place in batch:
                place.cancel()
            raise
        for (_, place), result in zip(batch, results, strict=True):
            if place.done():  # its caller has gone
                continue
            if isinstance(result, Exception):
                place.set_exception(result)
            else:
                place.set_result(result)
