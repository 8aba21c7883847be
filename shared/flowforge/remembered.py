"""Answers that are read again only after some seconds, for what every request asks and hardly ever changes."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
D = TypeVar("D")

MOST = 10_000
"""Keys of one ``Remembered``; before there are more, all are forgotten."""


class Remembered(Generic[K, V]):
    """``await remembered(key)``: what ``read`` answered at most ``seconds`` ago. Its errors are not remembered."""

    def __init__(self, read: Callable[[K], Awaitable[V]], seconds: float) -> None:
        self._read = read
        self._seconds = seconds
        self._known: dict[K, tuple[float, V]] = {}

    async def __call__(self, key: K) -> V:
        """The answer, asked anew where it has grown old."""
        known = self._known.get(key)
        now = time.monotonic()
        if known is not None and known[0] > now:
            return known[1]
        value = await self._read(key)
        if len(self._known) >= MOST:
            self.clear()
        self._known[key] = (now + self._seconds, value)
        return value

    def last(self, key: K, default: D) -> V | D:
        """The latest answer, however old."""
        known = self._known.get(key)
        return default if known is None else known[1]

    def forget(self, key: K) -> None:
        """Ask again at the key's next use in this process."""
        self._known.pop(key, None)

    def clear(self) -> None:
        """Forget every key."""
        self._known.clear()


def remembered(seconds: float) -> Callable[[Callable[[K], Awaitable[V]]], Remembered[K, V]]:
    """Decorate a coroutine function of one key."""
    return lambda read: Remembered(read, seconds)
