"""Audit of reads: who was given rows of which plan, summed up per minute, written to the outbox each second.

One entry per read would be more rows than the reads gave. What is summed up here is at most a second old: a
killed process loses no more than that, one that is told to leave loses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from flowforge.errors import FlowForgeError
from flowforge.metadata.audited import AUDIT
from flowforge.metadata.telling import telling
from flowforge.records import dataclass
from flowforge.resources import resource
from flowforge.results.noted import Note
from flowforge.tenancy import Caller

log = logging.getLogger(__name__)

FLUSH_SECONDS = 0.8
MOST_KEYS = 20_000
"""While the metadata is away sums are kept; from here on new ones are only logged."""
MAX_OBJECT = 255


@dataclass(frozen=True, slots=True)
class Key:
    """What one sum is about; ``minute`` counts from 1970."""

    tenant: str
    actor: str
    action: str
    object: str
    plan_hash: str
    minute: int


@dataclass(slots=True)
class Sum:
    """Reads of one key. ``rows`` None as long as no read knew its rows."""

    first: datetime
    count: int = 0
    rows: int | None = None
    elapsed_ms: float = 0.0

    def add(self, rows: int | None, elapsed_ms: float, count: int = 1) -> None:
        """Another read, or the sum of several."""
        self.count += count
        self.elapsed_ms += elapsed_ms
        if rows is not None:
            self.rows = (self.rows or 0) + rows


class Reads:
    """The sums of this process that are not in the outbox yet."""

    def __init__(self) -> None:
        self._sums: dict[Key, Sum] = {}
        self._closing = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name="audit of reads")

    def add(self, caller: Caller, action: str, object_id: str | None, notes: Iterable[Note]) -> None:
        """What one request was given; its object is the id in its path, or else the tables it read."""
        now = datetime.now(UTC)
        for note in notes:
            name = (object_id or ", ".join(note.tables) or "-")[:MAX_OBJECT]
            minute = int(now.timestamp()) // 60
            key = Key(caller.tenant_id, caller.subject, action, name, note.plan_hash, minute)
            found = self._sums.get(key)
            if found is None:
                if len(self._sums) >= MOST_KEYS:
                    log.error("A read is not audited, too many wait for the metadata: %s", key)
                    continue
                found = self._sums[key] = Sum(now)
            found.add(note.rows, note.elapsed_ms)

    async def flush(self) -> None:
        """Put the sums into the outbox; ``FlowForgeError`` keeps them for the next time."""
        sums, self._sums = self._sums, {}
        if not sums:
            return
        try:
            async with telling() as open_:
                for key, each in sums.items():
                    await open_.announce(AUDIT, subject=key.object, tenant=key.tenant, data=_data(key, each))
        except BaseException:
            self._keep(sums)
            raise

    def _keep(self, sums: dict[Key, Sum]) -> None:
        newer, self._sums = self._sums, sums
        for key, each in newer.items():
            self._sums.setdefault(key, Sum(each.first)).add(each.rows, each.elapsed_ms, each.count)

    async def _run(self) -> None:
        while not self._closing.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), FLUSH_SECONDS)
            try:
                await self.flush()
            except FlowForgeError as failure:
                log.warning("Reads wait to be audited: %s", failure)

    async def aclose(self) -> None:
        """Write what is left."""
        self._closing.set()
        await self._task


def _data(key: Key, each: Sum) -> dict[str, Any]:
    return {
        "actor": key.actor,
        "action": key.action,
        "object": key.object,
        "at": each.first.isoformat(),
        "count": each.count,
        "plan_hash": key.plan_hash,
        "rows": each.rows,
        "elapsed_ms": round(each.elapsed_ms, 1),
    }


@resource
async def reads() -> Reads:
    """The process's sums; begun with the first read."""
    return Reads()
