"""One stream's end in this process: a buffer of bounded size between the feed and a connection."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

from flowforge.auth.embed import EmbedGrant
from flowforge.live.endings import TOO_SLOW, Ending, StreamEndedError
from flowforge.live.frames import Frame, Lens
from flowforge.records import dataclass
from flowforge.stores.live import Position
from flowforge.tenancy import Access

MAX_WAITING = 64
"""Messages that wait for a viewer; beyond, they become one: fetch everything again."""
STUCK_SECONDS = 20.0
"""A connection that takes nothing for this long is given up."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Messages up to this place were left out."""

    position: Position


@dataclass(frozen=True, slots=True)
class Rewind:
    """The client asks for what came after this id."""

    last_event_id: str


Waiting = Frame | Skipped | Rewind


@dataclass(frozen=True, slots=True)
class Right:
    """By what right somebody watches. ``expires`` in Unix seconds; ``grant`` is what an embed key gave."""

    access: Access
    expires: float | None = None
    grant: EmbedGrant | None = None


class Viewer:
    """Offered frames by the hub, read by one connection."""

    def __init__(self, lens: Lens, right: Right) -> None:
        self.lens = lens
        self.right = right
        self.ending: Ending | None = None
        self.give_up: Callable[[], object] = _nothing
        """Cuts a write that does not end; set by whoever writes."""
        self._waiting: deque[Waiting] = deque()
        self._wake: asyncio.Future[None] | None = None
        self._asked = time.monotonic()

    def offer(self, frame: Frame) -> None:
        """Put a frame behind those that wait."""
        if len(self._waiting) >= MAX_WAITING:
            self._waiting.clear()
            self._waiting.append(Skipped(frame.position))
        elif self._waiting and isinstance(self._waiting[-1], Skipped):
            self._waiting[-1] = Skipped(frame.position)
        else:
            self._waiting.append(frame)
        self._rouse()

    def skip(self, position: Position) -> None:
        """Replace what waits by: everything may have changed."""
        self._waiting.clear()
        self._waiting.append(Skipped(position))
        self._rouse()

    def rewind(self, last_event_id: str) -> None:
        """Ask for what came after an id; once more than a few wait, one is enough."""
        if len(self._waiting) < MAX_WAITING:
            self._waiting.append(Rewind(last_event_id))
            self._rouse()

    def end(self, ending: Ending) -> None:
        """No more frames: the connection is told why, before anything that still waits."""
        if self.ending is None:
            self.ending = ending
            self._waiting.clear()
            self._rouse()

    def check_pulse(self) -> None:
        """Give up a connection that has not asked for its next frame for too long."""
        idle = self._wake is not None
        if not idle and self._waiting and time.monotonic() - self._asked > STUCK_SECONDS:
            self.end(TOO_SLOW)
        if not idle and self.ending is not None and time.monotonic() - self._asked > STUCK_SECONDS:
            self.give_up()

    async def next(self) -> Waiting:
        """The next frame; ``StreamEndedError`` at the end."""
        self._asked = time.monotonic()
        while not self._waiting:
            if self.ending is not None:
                raise StreamEndedError(self.ending)
            self._wake = asyncio.get_running_loop().create_future()
            try:
                await self._wake
            finally:
                self._wake = None
        return self._waiting.popleft()

    def _rouse(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)


def _nothing() -> None:
    return
