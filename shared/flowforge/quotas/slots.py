"""How many queries and streams a tenant may have at the same time.

A query that finds all slots taken waits a moment, because a dashboard asks for several at once; but only
a few may wait in a process, or those of one tenant would stand in everybody's way.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_hex

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.quotas.limits import limits_of
from flowforge.stores.counters import Held, counters, slot_name
from flowforge.stores.share import Share, sharing

PATIENCE_SECONDS = 1.0
"""How long a query waits for a slot."""
MOST_WAITING = 8
"""Queries of one tenant that wait in a process. With those that run, fewer than the process takes requests
(``containerConcurrency``), so that there is always room for another tenant."""
ASK_AGAIN_SECONDS = 0.05
SETTLED_SECONDS = 1.0
"""After this a query is one that keeps an engine busy: those that its tenant asks for beside it come later than
others'. The queries of a dashboard begin together, and none of them is behind."""
LEASE_SECONDS = 30.0
"""A slot that is not renewed for so long belonged to a process that died."""

_here: Counter[str] = Counter()
"""Slots that this process holds, for when it counts alone."""
_waiting: Counter[str] = Counter()
_planning: Counter[str] = Counter()
MOST_TURNS = 1_000
_turns: dict[str, asyncio.Lock] = {}


@asynccontextmanager
async def query_slot(tenant_id: str) -> AsyncIterator[None]:
    """Run a query of an engine; ``RATE_LIMITED`` (429) where the tenant runs as many as it may."""
    limit = (await limits_of(tenant_id)).queries
    name, slot = f"{tenant_id}:queries", slot_name()
    held = await _hold(name, slot, limit) or await _wait(name, slot, limit)
    if held is None:
        raise _too_many_queries(limit)
    async with _held(name, slot, limit):
        with sharing(Share(priority=1 + held.settled, part=held.number)):
            yield


@asynccontextmanager
async def planning_turn(tenant_id: str) -> AsyncIterator[None]:
    """Compile a graph: one of each tenant at a time, so that those of one do not queue up before another's.

    ``RATE_LIMITED`` at once where as many are under way here as may run and wait: a burst is turned away before
    it costs anything.
    """
    limit = (await limits_of(tenant_id)).queries
    if len(_turns) > MOST_TURNS:
        for each in [name for name, turn in _turns.items() if not turn.locked()]:
            del _turns[each]
    name = f"{tenant_id}:queries"
    if _here[name] + _waiting[name] + _planning[name] >= limit + MOST_WAITING:
        raise _too_many_queries(limit)
    _planning[name] += 1
    try:
        async with _turns.setdefault(tenant_id, asyncio.Lock()):
            yield
    finally:
        _planning[name] -= 1


@asynccontextmanager
async def stream_slot(tenant_id: str) -> AsyncIterator[None]:
    """Keep a stream open; ``RATE_LIMITED`` (429) where the tenant has as many open as it may."""
    limit = (await limits_of(tenant_id)).streams
    name, slot = f"{tenant_id}:streams", token_hex(8)
    if not await _hold(name, slot, limit, queries=False):
        raise FlowForgeError(
            ErrorCode.RATE_LIMITED,
            f"Your tenant has {limit} streams open already.",
            hint="Close some, or poll.",
            retry_after=10,
        )
    async with _held(name, slot, limit):
        yield


def _too_many_queries(limit: int) -> FlowForgeError:
    return FlowForgeError(
        ErrorCode.RATE_LIMITED,
        f"Your tenant runs {limit} queries already.",
        hint="Wait for one of them to end; filter or aggregate, so that they end sooner.",
        retry_after=1,
    )


async def _hold(name: str, slot: str, limit: int, *, queries: bool = True) -> Held | None:
    settled_after = SETTLED_SECONDS if queries else 0.0
    held = await (await counters()).hold(name, slot, limit, LEASE_SECONDS, settled_after)
    if held is None:
        held = Held(_here[name] + 1, _here[name]) if _here[name] < limit else Held(0, 0)
    return held if held.number else None


async def _wait(name: str, slot: str, limit: int) -> Held | None:
    if _waiting[name] >= MOST_WAITING:
        return None
    _waiting[name] += 1
    until = time.monotonic() + PATIENCE_SECONDS
    try:
        held = None
        while held is None and time.monotonic() < until:
            await asyncio.sleep(ASK_AGAIN_SECONDS)
            held = await _hold(name, slot, limit)
        return held
    finally:
        _waiting[name] -= 1


@asynccontextmanager
async def _held(name: str, slot: str, limit: int) -> AsyncIterator[None]:
    """Count the slot here, renew it while it is held, and give it back whatever happens."""
    _here[name] += 1
    renewing = asyncio.create_task(_renew(name, slot, limit))
    try:
        yield
    finally:
        _here[name] -= 1
        renewing.cancel()
        await asyncio.shield((await counters()).give_back(name, slot))


async def _renew(name: str, slot: str, limit: int) -> None:
    while True:
        await asyncio.sleep(LEASE_SECONDS / 3)
        await (await counters()).hold(name, slot, limit, LEASE_SECONDS)
