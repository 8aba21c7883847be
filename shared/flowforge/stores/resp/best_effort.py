"""Commands that somebody can do without: while the server is away they answer None."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from typing import Any

from flowforge.stores.resp.client import FAILURES, Client, Script
from flowforge.stores.resp.connection import Word

log = logging.getLogger(__name__)

REST_SECONDS = 1.0
"""After a failure the server is left alone this long: an outage must not cost every request a time-out."""


class BestEffort:
    """A client of which nothing is raised; ``without`` is what the log says of a failure."""

    def __init__(self, client: Client, without: str) -> None:
        self.client = client
        self._without = without
        self._resting_until = 0.0

    async def __call__(self, *command: Word) -> Any:
        """The reply; None while the server is away."""
        if self._resting_until and time.monotonic() < self._resting_until:
            return None
        try:
            return await self.client(*command)
        except FAILURES as failure:
            self._rest(failure)

    async def all(self, commands: Iterable[tuple[Word, ...]]) -> list[Any] | None:
        """The replies to several commands in one round trip; None while the server is away."""
        if self._resting_until and time.monotonic() < self._resting_until:
            return None
        try:
            return await self.client.all(commands)
        except FAILURES as failure:
            self._rest(failure)
            return None

    async def run(self, script: Script, keys: Sequence[Word], *arguments: Word) -> Any:
        """The reply of a script; None while the server is away."""
        if self._resting_until and time.monotonic() < self._resting_until:
            return None
        try:
            return await self.client.run(script, keys, *arguments)
        except FAILURES as failure:
            self._rest(failure)

    def _rest(self, failure: BaseException) -> None:
        self._resting_until = time.monotonic() + REST_SECONDS
        log.warning(self._without, exc_info=failure)

    async def aclose(self) -> None:
        """Close the connection."""
        await self.client.aclose()
