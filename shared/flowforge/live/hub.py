"""The one subscription of a process: it reads the feed and hands every message to the viewers it is for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from weakref import WeakValueDictionary

import orjson

from flowforge.errors import StoreError
from flowforge.live import channels
from flowforge.live.frames import Frame, Lens
from flowforge.live.positions import START
from flowforge.live.viewer import Viewer
from flowforge.stores.live import Entry, Position, live_store

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15.0
RETRY_SECONDS = 0.25

Control = Callable[[Mapping[str, Any]], None]


class Hub:
    """Viewers by channel. ``position``: everything up to here has been handed out."""

    def __init__(self, control: Control) -> None:
        self.position: Position = START
        self._control = control
        self._viewers: dict[str, set[Viewer]] = {}
        self._channels: dict[Viewer, tuple[str, ...]] = {}
        self._lenses: WeakValueDictionary[tuple[str, str, str, str | None, str], Lens] = WeakValueDictionary()
        self._ready = asyncio.Event()

    def lens(self, tenant: str, kind: str, subject: str, widget: str | None = None, terms: str = "") -> Lens:
        """The lens of these; one object as long as somebody looks through it, so that frames are shared."""
        key = (tenant, kind, subject, widget, terms)
        return self._lenses.get(key) or self._lenses.setdefault(key, Lens(*key))

    @property
    def viewers(self) -> Collection[Viewer]:
        """Everybody who watches through this process."""
        return self._channels.keys()

    async def ready(self, within: float) -> None:
        """Wait until the feed is read; ``TimeoutError`` if Valkey stays out of reach."""
        async with asyncio.timeout(within):
            await self._ready.wait()

    @contextmanager
    def joined(self, viewer: Viewer, names: tuple[str, ...]) -> Iterator[Position]:
        """Let a viewer hear channels for the length of the block; where the feed stands at its beginning."""
        self._channels[viewer] = names
        for name in names:
            self._viewers.setdefault(name, set()).add(viewer)
        try:
            yield self.position
        finally:
            self._leave(viewer)

    def _leave(self, viewer: Viewer) -> None:
        for name in self._channels.pop(viewer, ()):
            listening = self._viewers[name]
            listening.discard(viewer)
            if not listening:
                del self._viewers[name]

    async def read(self) -> None:
        """Read the feed for ever; an outage of Valkey delays messages and loses none."""
        store = await live_store()
        failed = False
        while True:
            try:
                if not self._ready.is_set():
                    self.position = await store.end_of_feed()
                    self._ready.set()
                elif failed and self._overrun((await store.extent()).oldest):
                    self._lost_count(await store.end_of_feed())
                failed = False
                for entry in await store.read_feed(self.position):
                    self.hand_out(entry)
            except StoreError as away:
                if not failed:
                    log.warning("The feed cannot be read: %s", away.detail)
                failed = True
                await asyncio.sleep(RETRY_SECONDS)

    def _overrun(self, oldest: Position | None) -> bool:
        return oldest is not None and oldest > self.position > START

    def _lost_count(self, position: Position) -> None:
        """More was said during an outage than the feed keeps: every viewer has to look anew."""
        log.warning("The feed went on without this process from %s to %s", self.position, position)
        self.position = position
        for viewer in list(self.viewers):
            viewer.skip(position)

    def hand_out(self, entry: Entry) -> None:
        """Offer a message to whoever hears its channel; it is encoded once per lens."""
        self.position = entry.position
        listening = self._viewers.get(entry.channel)
        if entry.channel == channels.CONTROL:
            self._control(orjson.loads(entry.message))
        elif listening:
            self._offer(listening, entry.position, orjson.loads(entry.message))

    def _offer(self, listening: Collection[Viewer], position: Position, message: Mapping[str, Any]) -> None:
        frames: dict[Lens, Frame | None] = {}
        symbol = message["alert"]["symbol"] if message["type"] == "alert" else None
        for viewer in listening:
            lens = viewer.lens
            if lens not in frames:
                frames[lens] = lens.frame(position, message)
            frame = frames[lens]
            if frame is not None and (symbol is None or symbol in viewer.right.access.symbols):
                viewer.offer(frame)

    async def beat(self) -> None:
        """Tell every viewer, now and then, that its stream is alive and how far it has come."""
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            self._offer(list(self.viewers), self.position, {"type": "ping"})
