"""Keeping the index equal to the metadata.

What a widget reads is a function of its own version, its workflow's, its tenant's access and the catalogue.
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
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flowforge.auth import access_of, forget_access
from flowforge.errors import StoreError
from flowforge.live.changes import Names
from flowforge.live.index import Dependent, Index, Read
from flowforge.live.reading import packed, reads_of, unpacked
from flowforge.metadata.shown import Pinned, graphs, pinned_widgets, state
from flowforge.schema import catalog_for
from flowforge.stores.live import live_store
from flowforge.tenancy import Access

log = logging.getLogger(__name__)

STALE_SECONDS = 0.25
STORED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """How a tenant sees the data: its access, and the version of its catalogue."""

    access: Access
    catalogue: str


class Keeper:
    """The index of this process, and how it is brought up to date. ``filled``: it was compared at least once."""

    def __init__(self) -> None:
        self.index = Index()
        self._keys: dict[str, str] = {}
        self._views: Mapping[str, Viewpoint] = {}
        self._state: Any = None
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
        now = await state()
        views: dict[str, Viewpoint] = {}
        if now == self._state and await self._views_hold(views):
            return ()
        pinned = await pinned_widgets()
        if now != self._state:
            for tenant in {each.tenant_id for each in pinned}:
                forget_access(tenant)
            views.clear()
        changed, complete = await self._apply(pinned, views)
        self._views = views
        self._state = now if complete else None
        self.filled = True
        return changed

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
        wanted = {str(each.id): (each, _key(each, views[each.tenant_id])) for each in pinned}
        gone = self.index.widgets() - wanted.keys()
        for widget in gone:
            self.index.remove(widget)
            self._keys.pop(widget, None)
        missing = [(each, key) for widget, (each, key) in wanted.items() if self._keys.get(widget) != key]
        found, failed = await self._find(missing, views)
        changed = []
        for each, key in missing:
            reads = found.get(str(each.id))
            if reads is not None:
                access = views[each.tenant_id].access
                dependent = Dependent(
                    each.tenant_id, str(each.dashboard_id), str(each.id), reads, _symbols(access)
                )
                self.index.put(dependent)
                self._keys[dependent.widget] = key
                changed.append(dependent)
        await self._forget(gone, wanted)
        return changed, not failed

    async def _find(
        self, missing: Sequence[tuple[Pinned, str]], views: Mapping[str, Viewpoint]
    ) -> tuple[dict[str, tuple[Read, ...]], bool]:
        """What these widgets read, from Valkey or by compiling; and whether some could not be judged now."""
        store = await live_store()
        found: dict[str, tuple[Read, ...]] = {}
        for start in range(0, len(missing), STORED_AT_ONCE):
            batch = missing[start : start + STORED_AT_ONCE]
            stored = await store.stored_reads([str(each.id) for each, _ in batch])
            for (each, key), text in zip(batch, stored, strict=True):
                reads = unpacked(text, key)
                if reads is not None:
                    found[str(each.id)] = reads
        compile_now = [(each, key) for each, key in missing if str(each.id) not in found]
        failed = False
        for start in range(0, len(compile_now), STORED_AT_ONCE):
            batch = compile_now[start : start + STORED_AT_ONCE]
            compiled = await _compiled([each for each, _ in batch], views)
            failed |= len(compiled) < len(batch)
            found |= compiled
            keys = {str(each.id): key for each, key in batch}
            await store.store_reads(
                {widget: packed(keys[widget], reads) for widget, reads in compiled.items()}, ()
            )
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


async def _compiled(widgets: Sequence[Pinned], views: Mapping[str, Viewpoint]) -> dict[str, tuple[Read, ...]]:
    """What each reads; one whose graph has just become another one, or whose store is away, is left out."""
    by_workflow: dict[UUID, list[Pinned]] = defaultdict(list)
    for each in widgets:
        by_workflow[each.workflow_id].append(each)
    texts = await graphs(by_workflow.keys())
    found: dict[str, tuple[Read, ...]] = {}
    for workflow, shown in by_workflow.items():
        version, text = texts.get(workflow, (None, ""))
        for each in shown:
            if version != each.workflow_version:
                continue
            try:
                found[str(each.id)] = await reads_of(text, each.output_node_id, views[each.tenant_id].access)
            except StoreError as away:
                log.warning("What widget %s reads cannot be found out now: %s", each.id, away.detail)
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
