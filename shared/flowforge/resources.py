"""What a process opens once and closes on the way out: connection pools and clients.

A factory decorated with ``@resource`` runs on first use, never at import, so that a cold start pays
only for what the first request needs. ``close_all`` runs on SIGTERM, newest first.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar

log = logging.getLogger(__name__)


class Closable(Protocol):
    """Anything that can be closed from a coroutine."""

    async def aclose(self) -> None:
        """Release sockets and tasks; called once."""


T = TypeVar("T", bound=Closable)
_opened: list[Resource[Closable]] = []


class Resource(Generic[T]):
    """A lazily opened singleton; concurrent first users share one opening."""

    def __init__(self, factory: Callable[[], Awaitable[T]]) -> None:
        self._factory = factory
        self._value: T | None = None
        self._opening: asyncio.Lock | None = None

    async def __call__(self) -> T:
        """The open resource."""
        if self._value is not None:
            return self._value
        if self._opening is None:
            self._opening = asyncio.Lock()
        async with self._opening:
            if self._value is None:
                self._value = await self._factory()
                _opened.append(self)  # type: ignore[arg-type]  # Resource is invariant in T
            return self._value

    async def aclose(self) -> None:
        """Close and forget, so that the next use opens afresh."""
        value, self._value, self._opening = self._value, None, None
        if value is not None:
            await value.aclose()


def resource(factory: Callable[[], Awaitable[T]]) -> Resource[T]:
    """Make a factory a lazily opened singleton of the process."""
    return Resource(factory)


async def close_all() -> None:
    """Close everything that was opened, newest first; a failure is logged and does not stop the rest."""
    while _opened:
        try:
            await _opened.pop().aclose()
        except Exception:
            log.exception("A resource did not close cleanly")
