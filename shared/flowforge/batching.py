"""Doing together what is asked for at the same time: one round trip to a store for many callers.

The first caller's work starts at once; whoever asks meanwhile is in the next batch, so that nobody waits for company.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Batching(Generic[Item, Result]):
    """``work`` gets items and returns as many results, an exception among them for an item that failed."""

    def __init__(self, work: Callable[[Sequence[Item]], Awaitable[Sequence[Result | Exception]]]) -> None:
        self._work = work
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
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._one(batch)
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
