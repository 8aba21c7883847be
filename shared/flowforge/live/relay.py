"""The relay of this process: index, windows, subscription and viewers, with the tasks that keep them going."""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

from flowforge.errors import StoreError
from flowforge.live.changes import Change
from flowforge.live.committing import Committer
from flowforge.live.hub import Hub
from flowforge.live.index import Dependent, Stale
from flowforge.live.keeping import Keeper
from flowforge.live.recent import Recent
from flowforge.live.terms import Terms
from flowforge.live.watch import Watch
from flowforge.resources import resource
from flowforge.stores.live import Effect, live_store

log = logging.getLogger(__name__)

FLUSH_SECONDS = 0.05
"""How often it is looked for windows that have ended; another relay may have opened them."""
AWAY_SECONDS = 1.0
MOST_KNOWN = 1_024
TERMS_KEPT_EVERY = 30.0
KEEP_SECONDS = 2.0
"""How often the metadata is compared with the index although no event came: another relay may get them all."""

Told = Sequence[tuple[str, Sequence[str]]]
"""Channels and the widgets that are stale there, as the store takes them."""


class Relay:
    """Handles events and serves viewers; ``aclose`` ends its tasks."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.keeper = Keeper()
        self.watch = Watch()
        self.hub = Hub(self.watch.told)
        self.watch.hub = self.hub
        self._committer = Committer()
        self._recent = Recent()
        self._terms: Counter[Terms] = Counter()
        self._known: dict[tuple[Change, ...], Told] = {}
        self._edition = 0
        self._refreshing: asyncio.Task[None] | None = None
        self._tasks = [
            asyncio.create_task(work, name=f"live-{name}")
            for name, work in (
                ("feed", self.hub.read()),
                ("beat", self.hub.beat()),
                ("flush", self._flush()),
                ("watch", self.watch.sweep()),
                ("keep", self._keep()),
                ("terms", self._keep_terms()),
            )
        ]
        for task in self._tasks:
            task.add_done_callback(_ended)
        _running.add(self)

    async def stale(self, key: str, widgets: Stale) -> None:
        """Widgets show something else for another reason than new rows."""
        await self._committer.commit(Effect(key, stale=_told(widgets)))

    async def changed(self, key: str, changes: tuple[Change, ...]) -> None:
        """Rows were written: count the change for caches, and open the windows of the dashboards it touches."""
        if not self.keeper.filled:
            await self.keeper.refresh()
        elif self.keeper.stale:
            self.refresh_soon()
        self._recent.add(changes, self.keeper.index.edition)
        await self._committer.commit(Effect(key, [each.table for each in changes], self._made_stale(changes)))

    def _made_stale(self, changes: tuple[Change, ...]) -> Told:
        """What changes make stale; the same object for the same changes while the index stays as it is."""
        index = self.keeper.index
        if self._edition != index.edition or len(self._known) >= MOST_KNOWN:
            self._known.clear()
            self._edition = index.edition
        known = self._known.get(changes)
        if known is None:
            stale: dict[str, frozenset[str]] = {}
            for change in changes:
                for channel, widgets in index.affected(change).items():
                    stale[channel] = stale.get(channel, frozenset()) | widgets
            known = self._known[changes] = _told(stale)
        return known

    async def say(self, key: str, messages: Sequence[tuple[str, str, bool]]) -> None:
        """Publish (channel, JSON, kept) at once."""
        await self._committer.commit(Effect(key, messages=messages))

    async def refresh(self) -> Sequence[Dependent]:
        """Bring the index up to date, and let late widgets know of changes that came before they were known."""
        late = await self.keeper.refresh()
        missed = self._recent.missed_by(late, self.keeper.index)
        if missed:
            await self._committer.commit(Effect(secrets.token_hex(16), stale=_told(missed)))
        return late

    def refresh_soon(self) -> None:
        """The same in the background, once at a time."""
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(_logged(self.refresh()))

    @asynccontextmanager
    async def shown(self, terms: Terms) -> AsyncIterator[None]:
        """Match changes with what a widget reads under these terms, for the length of the block and some time after."""
        self._terms[terms] += 1
        try:
            await (await live_store()).keep_terms({terms.name: terms.text})
            if terms.name not in self.keeper.index:
                await self.refresh()
            yield
        finally:
            self._terms[terms] -= 1
            if not self._terms[terms]:
                del self._terms[terms]

    async def _keep_terms(self) -> None:
        """Again and again, since what lies in Valkey may be lost with it."""
        while True:
            await asyncio.sleep(TERMS_KEPT_EVERY)
            used = {each.name: each.text for each in self._terms}
            await _logged((await live_store()).keep_terms(used))

    async def _flush(self) -> None:
        while True:
            try:
                _, wait = await (await live_store()).flush()
                await asyncio.sleep(FLUSH_SECONDS if wait is None else min(wait, FLUSH_SECONDS))
            except StoreError as away:
                log.warning("Windows stay open: %s", away.detail)
                await asyncio.sleep(AWAY_SECONDS)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(KEEP_SECONDS)
            if self.keeper.stale:
                self.refresh_soon()

    async def aclose(self) -> None:
        """End every task; viewers are told to come again."""
        _running.discard(self)
        self.watch.dismiss()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


_running: set[Relay] = set()


@resource
async def relay() -> Relay:
    """The process's relay; it begins to read the feed on first use."""
    return Relay()


async def start() -> None:
    """Fill the index before the first event asks for it; a store that is away is asked again later."""
    await _logged((await relay()).refresh())


def dismiss() -> None:
    """Streams have no end of their own: end them, so that a process that is told to leave can. From any thread."""
    for each in _running:
        each.loop.call_soon_threadsafe(each.watch.dismiss)


async def _logged(work: Coroutine[Any, Any, object]) -> None:
    try:
        await work
    except StoreError as away:
        log.warning("The index cannot be brought up to date, or terms be kept: %s", away.detail)


def _told(widgets: Stale) -> Told:
    return [(channel, sorted(names)) for channel, names in widgets.items()]


def _ended(task: asyncio.Task[None]) -> None:
    """These tasks have no end of their own. Without one of them viewers wait in vain: another process must do it."""
    if not task.cancelled():
        log.critical("%s ended; so does this process", task.get_name(), exc_info=task.exception())
        signal.raise_signal(signal.SIGTERM)
