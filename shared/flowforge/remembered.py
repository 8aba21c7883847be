"""Answers that are read again only after some seconds, for what every request asks and hardly ever changes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
D = TypeVar("D")

MOST = 10_000
"""Keys of one ``Remembered``; before there are more, all are forgotten."""


class Remembered(Generic[K, V]):
    """``await remembered(key)``: what ``read`` answered at most ``seconds`` ago. Its errors are not remembered.

    Those who ask while the answer is being read share it, with its error.
    """

    def __init__(self, read: Callable[[K], Awaitable[V]], seconds: float) -> None:
        self._read = read
        self._seconds = seconds
        self._known: dict[K, tuple[float, V]] = {}
        self._reading: dict[K, asyncio.Task[V]] = {}

    async def __call__(self, key: K) -> V:
        """The answer, asked anew where it has grown old."""
        known = self._known.get(key)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        reading = self._reading.get(key)
        if reading is None:
            reading = self._reading[key] = asyncio.create_task(self._ask(key))
            reading.add_done_callback(_retrieved)
        return await asyncio.shield(reading)  # whoever leaves does not end it for the others

    async def _ask(self, key: K) -> V:
        began, me = time.monotonic(), asyncio.current_task()
        try:
            value = await self._read(key)
            if self._reading.get(key) is me:  # not forgotten meanwhile
                if len(self._known) >= MOST:
                    self._known.clear()
                self._known[key] = (began + self._seconds, value)
            return value
        finally:
            if self._reading.get(key) is me:
                del self._reading[key]

    def last(self, key: K, default: D) -> V | D:
        """The latest answer, however old."""
        known = self._known.get(key)
        return default if known is None else known[1]

    def forget(self, key: K) -> None:
        """Ask again at the key's next use in this process."""
        self._known.pop(key, None)
        self._reading.pop(key, None)

    def clear(self) -> None:
        """Forget every key."""
        self._known.clear()
        self._reading.clear()


def remembered(seconds: float) -> Callable[[Callable[[K], Awaitable[V]]], Remembered[K, V]]:
    """Decorate a coroutine function of one key."""
    return lambda read: Remembered(read, seconds)


def _retrieved(reading: asyncio.Task[V]) -> None:
    """An error that everybody who asked has left is nobody's."""
    if not reading.cancelled():
        reading.exception()
