"""One stream from its first frame to its last, whatever carries it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from uuid import UUID

import orjson

from flowforge.live.endings import Ending, StreamEndedError
from flowforge.live.frames import Frame
from flowforge.live.history import missed
from flowforge.live.hub import Hub
from flowforge.live.positions import START, position_of
from flowforge.live.viewer import Skipped, Viewer
from flowforge.metadata.shown import widgets_on
from flowforge.stores.live import Position

log = logging.getLogger(__name__)

MAX_SAID = 4_096
"""Characters of what a client may say."""


@dataclass
class Session:
    """A viewer on its channels. ``held`` is what the stream occupies until it is closed.

    ``opening`` gives a message that only this stream gets, after its hello: how things are, from when on
    it hears what becomes of them.
    """

    hub: Hub
    viewer: Viewer
    channels: tuple[str, ...]
    held: AsyncExitStack
    last_event_id: str | None = None
    opening: Callable[[], Awaitable[dict[str, object]]] | None = None
    _sent: Position = field(default=START, init=False)

    async def frames(self) -> AsyncIterator[Frame]:
        """Hello, what was missed, then everything as it comes; ``StreamEndedError`` at the end."""
        with self.hub.joined(self.viewer, self.channels) as joined:
            self._sent = joined
            async for frame in self._greeting(self.last_event_id, joined):
                yield frame
            if self.opening is not None:
                yield self._own(self._sent, await self.opening())
            while True:
                waiting = await self.viewer.next()
                if isinstance(waiting, Frame):
                    if self._is_new(waiting):
                        self._sent = waiting.position
                        yield waiting
                elif isinstance(waiting, Skipped):
                    self._sent = max(self._sent, waiting.position)
                    yield await self._everything(self._sent)
                else:
                    async for frame in self._greeting(waiting.last_event_id, joined):
                        yield frame

    def while_writing(self, give_up: Callable[[], object]) -> None:
        """How the relay may cut a connection that takes nothing any more."""
        self.viewer.give_up = give_up

    async def close(self) -> None:
        """Give back what the stream occupied; whoever carries it owes this call."""
        await self.held.aclose()

    def end_of(self, error: Exception) -> Ending | None:
        """The end that an exception of ``frames`` stands for."""
        return error.ending if isinstance(error, StreamEndedError) else None

    def hear(self, text: str) -> None:
        """What the client says: ``{"last_event_id": id}`` is understood, anything else ignored."""
        if len(text) > MAX_SAID:
            return
        try:
            said = orjson.loads(text)
        except orjson.JSONDecodeError:
            log.debug("A viewer said something that is not JSON")
            return
        if isinstance(said, dict) and isinstance(asked := said.get("last_event_id"), str):
            self.viewer.rewind(asked)

    async def _greeting(self, last_event_id: str | None, joined: Position) -> AsyncIterator[Frame]:
        """Hello, and with it what was said after an id and has not been sent on this stream."""
        lens = self.viewer.lens
        if last_event_id is None:
            yield self._own(joined, {"type": "hello", "resumed": False})
            return
        after = position_of(last_event_id, lens.tag)
        found = None if after is None else await missed(self.viewer, self.channels, after)
        if found is None or not found.whole:
            yield self._own(self._sent, {"type": "hello", "resumed": False})
            yield await self._everything(self._sent)
            return
        assert after is not None
        yield self._own(after, {"type": "hello", "resumed": True})
        for frame in found.frames:
            if frame.position <= joined or frame.position > self._sent:
                self._sent = max(self._sent, frame.position)
                yield frame

    def _is_new(self, frame: Frame) -> bool:
        """Not what was read from the history already; a ping repeats where the stream is, and never an earlier place."""
        return frame.position > self._sent or (
            frame.message["type"] == "ping" and frame.position == self._sent
        )

    async def _everything(self, position: Position) -> Frame:
        lens = self.viewer.lens
        widgets: Sequence[str] = ()
        if lens.widget is not None:
            widgets = [lens.widget]
        elif lens.kind == "dashboard":
            widgets = [str(each) for each in await widgets_on(lens.tenant, UUID(lens.id))]
        return self._own(position, {"type": "invalidate", "widget_ids": widgets, "resync": True})

    def _own(self, position: Position, message: dict[str, object]) -> Frame:
        frame = self.viewer.lens.frame(position, message)
        assert frame is not None, "what a stream tells of itself is for its viewer"
        return frame
