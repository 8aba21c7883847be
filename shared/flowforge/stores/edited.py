"""A mark per tenant that changes with every change of its workspace, so that processes may remember what they read.

Whoever remembers something of a workspace keeps it with the mark that was there *before* it was read, and uses it
only while the mark is still that one: a change that is committed sets another before it is answered, so that the
next request of anybody finds the new state. Where a mark cannot be set, the change is answered only once nobody
can remember the state before it any more, which is never longer than ``REMEMBER_SECONDS``.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence
from secrets import token_hex

from flowforge.records import dataclass
from flowforge.stores.cache import cache
from flowforge.stores.resp import FAILURES

log = logging.getLogger(__name__)

REMEMBER_SECONDS = 2.0
PREFIX = "flowforge:edited:"
"""Without a time to live, so that no mark gives way to cached answers and comes back as the one before."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A tenant's mark as it was at some moment after ``at`` (monotonic seconds), with other values of that moment."""

    mark: bytes | None
    at: float
    values: Sequence[bytes | None]


async def look(tenant_id: str, keys: Iterable[str] = ()) -> Seen | None:
    """The mark, and what lies under other keys, in one round trip; None while Redis is away."""
    at = time.monotonic()
    found = await (await cache()).look([PREFIX + tenant_id, *keys])
    return None if found is None else Seen(found[0], at, found[1:])


async def set_mark(tenant_id: str) -> None:
    """The tenant's workspace was changed; call it between commit and answer."""
    client = (await cache()).redis.client  # never resting: somebody else may be in reach of Redis
    try:
        await client("SET", PREFIX + tenant_id, token_hex(8))
    except FAILURES as failure:
        log.warning("A change is answered late, Redis being out of reach", exc_info=failure)
        await asyncio.sleep(REMEMBER_SECONDS)
