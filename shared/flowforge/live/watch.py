"""Whether those who watch still may: every second by the clock and the metadata, and at once when told."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flowforge.auth import access_of, forget_access
from flowforge.auth.embed import still_holds
from flowforge.errors import StoreError
from flowforge.live.endings import EXPIRED, GONE, RESTARTING, WITHDRAWN
from flowforge.live.viewer import Viewer
from flowforge.metadata.shown import existing_dashboards
from flowforge.tenancy import lost

if TYPE_CHECKING:
    from flowforge.live.hub import Hub

log = logging.getLogger(__name__)

SWEEP_SECONDS = 1.0


class Watch:
    """Ends the streams of one process whose right or subject is gone."""

    hub: Hub

    def __init__(self) -> None:
        self._told = asyncio.Event()

    def told(self, message: Mapping[str, Any]) -> None:
        """A control message: a tenant's access changed, a key was revoked, a dashboard is gone."""
        if message["type"] == "access":
            forget_access(message["tenant"])
        elif message["type"] == "key":
            for viewer in list(self.hub.viewers):
                grant = viewer.right.grant
                if grant is not None and str(grant.key_id) == message["key_id"]:
                    viewer.end(WITHDRAWN)
        self._told.set()

    def dismiss(self) -> None:
        """The process ends: every viewer is told to come again."""
        for viewer in list(self.hub.viewers):
            viewer.end(RESTARTING)

    async def sweep(self) -> None:
        """Look for ever; an outage of the metadata is no reason to end a stream."""
        while True:
            viewers = list(self.hub.viewers)
            self._by_clock(viewers)
            try:
                await self._by_access(viewers)
                await self._by_grant(viewers)
                await self._by_subject(viewers)
            except StoreError as away:
                log.warning("Streams cannot be checked: %s", away.detail)
            self._told.clear()
            try:
                async with asyncio.timeout(SWEEP_SECONDS):
                    await self._told.wait()
            except TimeoutError:
                continue

    def _by_clock(self, viewers: Collection[Viewer]) -> None:
        now = time.time()
        for viewer in viewers:
            if viewer.right.expires is not None and viewer.right.expires <= now:
                viewer.end(EXPIRED)
            viewer.check_pulse()

    async def _by_access(self, viewers: Collection[Viewer]) -> None:
        accesses = {tenant: await access_of(tenant) for tenant in {each.lens.tenant for each in viewers}}
        for viewer in viewers:
            right, access = viewer.right, accesses[viewer.lens.tenant]
            if right.access.version != access.version:
                if lost(right.access, access):
                    viewer.end(WITHDRAWN)
                else:
                    viewer.right = replace(right, access=access)
                    viewer.skip(self.hub.position)

    async def _by_subject(self, viewers: Collection[Viewer]) -> None:
        watched = {UUID(viewer.lens.id) for viewer in viewers if viewer.lens.kind == "dashboard"}
        if not watched:
            return
        gone = watched - await existing_dashboards(watched)
        for viewer in viewers:
            if viewer.lens.kind == "dashboard" and UUID(viewer.lens.id) in gone:
                viewer.end(GONE)

    async def _by_grant(self, viewers: Collection[Viewer]) -> None:
        for viewer in viewers:
            grant = viewer.right.grant
            if grant is not None and not await still_holds(grant):
                viewer.end(WITHDRAWN)
