"""Keeping the index equal to the metadata.

What a widget reads is a function of its own version, its workflow's, its tenant's access and the catalogue, and
of the terms of a grant under which it is also shown.
That key is compared with the metadata whenever an event says so and, while changes come in, four times a
second; only what has a new key is compiled again. Findings are kept in Valkey beside their keys, so that a relay
that starts, or a second one, finds them; since the metadata decides, replicas agree and no lost event matters.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flowforge.auth import access_of, forget_access
from flowforge.errors import StoreError
from flowforge.live import channels
from flowforge.live.changes import Names
from flowforge.live.index import Dependent, Index, Read
from flowforge.live.reading import packed, reads_of, unpacked
from flowforge.live.terms import Terms, terms_from
from flowforge.metadata.shown import Pinned, graphs, pinned_widgets, state
from flowforge.records import dataclass
from flowforge.schema import catalog_for
from flowforge.stores.live import LiveStore, live_store
from flowforge.tenancy import Access

log = logging.getLogger(__name__)

STALE_SECONDS = 0.25
STORED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """How a tenant sees the data: its access, and the version of its catalogue."""

    access: Access
    catalogue: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A widget as everybody sees it, or under terms."""

    pinned: Pinned
    terms: Terms | None = None

    @property
    def name(self) -> str:
        """What it is called in the index."""
        return str(self.pinned.id) if self.terms is None else self.terms.name

    @property
    def channel(self) -> str:
        """Where its viewers are told."""
        if self.terms is None:
            return channels.dashboard(self.pinned.tenant_id, str(self.pinned.dashboard_id))
        return channels.terms(self.pinned.tenant_id, self.terms.name)


class Keeper:
    """The index of this process, and how it is brought up to date. ``filled``: it was compared at least once."""

    def __init__(self) -> None:
        self.index = Index()
        self._keys: dict[str, str] = {}
        self._views: Mapping[str, Viewpoint] = {}
        self._state: Any = None
        self._terms: dict[str, Terms] = {}
        self.filled = False
        self._checked = float("-inf")
        self._checking: asyncio.Task[Sequence[Dependent]] | None = None

    @property
    def stale(self) -> bool:
        """Whether it is time to compare again."""
        return time.monotonic() - self._checked >= STALE_SECONDS

    async def refresh(self) -> Sequence[Dependent]:
        """Compare with the metadata as it is now; the widgets that are new or read something else.

        Callers that come while a comparison runs wait for it and begin another one.
        """
        if self._checking is not None:
            await asyncio.wait({self._checking})
        if self._checking is None or self._checking.done():
            self._checking = asyncio.create_task(self._refresh())
        return await asyncio.shield(self._checking)

    async def _refresh(self) -> Sequence[Dependent]:
        self._checked = time.monotonic()
        store = await live_store()
        edition = await store.terms_edition()
        now = (*await state(), edition)
        views: dict[str, Viewpoint] = {}
        if now == self._state and await self._views_hold(views):
            return ()
        pinned = await pinned_widgets()
        await self._read_terms(store)
        if now != self._state:
            for tenant in {each.tenant_id for each in pinned}:
                forget_access(tenant)
            views.clear()
        changed, complete = await self._apply(pinned, views)
        self._views = views
        self._state = now if complete else None
        self.filled = True
        return changed

    async def _read_terms(self, store: LiveStore) -> None:
        names, texts = await store.kept_terms(self._terms)
        known = [*self._terms.values()]
        for text in texts:
            if (terms := terms_from(text)) is None:
                log.warning(
                    "Terms of an embedded widget cannot be read: its viewers are told once they connect again"
                )
            else:
                known.append(terms)
        self._terms = {each.name: each for each in known if each.name in names}

    async def _views_hold(self, views: dict[str, Viewpoint]) -> bool:
        for tenant, before in self._views.items():
            views[tenant] = await _viewpoint(tenant)
            if views[tenant] != before:
                return False
        return True

    async def _apply(
        self, pinned: Sequence[Pinned], views: dict[str, Viewpoint]
    ) -> tuple[Sequence[Dependent], bool]:
        """Bring the index to these widgets; whether every one of them could be judged."""
        for tenant in {each.tenant_id for each in pinned}:
            if tenant not in views:
                views[tenant] = await _viewpoint(tenant)
        shown = [Shown(each) for each in pinned]
        if self._terms:
            by_widget = {(each.tenant_id, str(each.id)): each for each in pinned}
            owned = ((by_widget.get((each.tenant, each.widget)), each) for each in self._terms.values())
            shown += [Shown(widget, terms) for widget, terms in owned if widget is not None]
        wanted = {each.name: (each, _key(each.pinned, views[each.pinned.tenant_id])) for each in shown}
        gone = self.index.names() - wanted.keys()
        for name in gone:
            self.index.remove(name)
            self._keys.pop(name, None)
        missing = [(each, key) for name, (each, key) in wanted.items() if self._keys.get(name) != key]
        found, failed = await self._find(missing, views)
        changed = []
        for each, key in missing:
            reads = found.get(each.name)
            if reads is not None:
                tenant = each.pinned.tenant_id
                symbols = _symbols(views[tenant].access)
                dependent = Dependent(tenant, each.channel, str(each.pinned.id), reads, symbols, each.name)
                self.index.put(dependent)
                self._keys[each.name] = key
                changed.append(dependent)
        await self._forget(gone, wanted)
        return changed, not failed

    async def _find(
        self, missing: Sequence[tuple[Shown, str]], views: Mapping[str, Viewpoint]
    ) -> tuple[dict[str, tuple[Read, ...]], bool]:
        """What these widgets read, from Valkey or by compiling; and whether some could not be judged now."""
        store = await live_store()
        found: dict[str, tuple[Read, ...]] = {}
        for start in range(0, len(missing), STORED_AT_ONCE):
            batch = missing[start : start + STORED_AT_ONCE]
            stored = await store.stored_reads([each.name for each, _ in batch])
            for (each, key), text in zip(batch, stored, strict=True):
                reads = unpacked(text, key)
                if reads is not None:
                    found[each.name] = reads
        compile_now = [(each, key) for each, key in missing if each.name not in found]
        failed = False
        for start in range(0, len(compile_now), STORED_AT_ONCE):
            batch = compile_now[start : start + STORED_AT_ONCE]
            compiled = await _compiled([each for each, _ in batch], views)
            failed |= len(compiled) < len(batch)
            found |= compiled
            keys = {each.name: key for each, key in batch}
            await store.store_reads({name: packed(keys[name], reads) for name, reads in compiled.items()}, ())
        return found, failed

    async def _forget(self, gone: Iterable[str], wanted: Mapping[str, Any]) -> None:
        """Forget in Valkey as well; at first also what went while no relay was running."""
        store = await live_store()
        names = set(gone)
        if not self.filled:
            names |= set(await store.known_widgets()) - wanted.keys()
        await store.store_reads({}, names)


async def _viewpoint(tenant: str) -> Viewpoint:
    access = await access_of(tenant)
    return Viewpoint(access, (await catalog_for(access)).version)


async def _compiled(widgets: Sequence[Shown], views: Mapping[str, Viewpoint]) -> dict[str, tuple[Read, ...]]:
    """What each reads; one whose graph has just become another one, or whose store is away, is left out."""
    by_workflow: dict[UUID, list[Shown]] = defaultdict(list)
    for each in widgets:
        by_workflow[each.pinned.workflow_id].append(each)
    texts = await graphs(by_workflow.keys())
    found: dict[str, tuple[Read, ...]] = {}
    for workflow, shown in by_workflow.items():
        version, text = texts.get(workflow, (None, ""))
        for each in shown:
            pinned, terms = each.pinned, each.terms
            if version != pinned.workflow_version:
                continue
            held = ((), None) if terms is None else (terms.locks, terms.params)
            try:
                access = views[pinned.tenant_id].access
                found[each.name] = await reads_of(text, pinned.output_node_id, access, *held)
            except StoreError as away:
                log.warning("What widget %s reads cannot be found out now: %s", each.name, away.detail)
            await asyncio.sleep(0)  # compiling many must not hold up the viewers
    return found


def _key(widget: Pinned, view: Viewpoint) -> str:
    parts = (
        widget.version,
        widget.workflow_id,
        widget.workflow_version,
        view.access.version,
        view.catalogue,
        widget.dashboard_id,
    )
    return ":".join(map(str, parts))


def _symbols(access: Access) -> Names:
    return access.symbols if isinstance(access.symbols, frozenset) else None
