"""From a question about a widget to its rows, remembering on the way what the question comes to.

Resolving one reads the widget, parses its graph, binds filters and plans: ten times the work of looking up an
answer that is cached. What was resolved is used again while nothing of it may have changed, which is asked in the
same round trip as the answer itself (``stores.edited``).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Hashable, Sequence

from flowforge.catalog import Catalog
from flowforge.records import dataclass
from flowforge.results import Address, Asked, answer_with
from flowforge.results.entry import Place
from flowforge.results.flight import SingleFlight
from flowforge.results.planning import AS_OF_SECONDS
from flowforge.schema import catalog_for, snapshot
from flowforge.schema.registry import Snapshot
from flowforge.stores import EXECUTE
from flowforge.stores.cache import cache
from flowforge.stores.edited import Seen, look
from flowforge.tenancy import Access
from flowforge.widgets.memory import Memory

MAX_BYTES = 16_384
"""Longer questions, or with a longer chart spec, are resolved each time."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a question comes to: at most ``rows`` rows of what is ``asked``, whose answers lie at an ``address``."""

    asked: Asked
    address: Address
    rows: int


@dataclass(frozen=True, slots=True)
class _Setting:
    """What a question is resolved under, besides the workspace: entitlements, catalogue, the step of ``NOW()``."""

    access: Access
    catalog: Catalog
    snapshot: Snapshot
    step: int

    def same(self, other: _Setting) -> bool:
        """Whether nothing of it is different; catalogues are, where they were read anew."""
        return (
            (self.access is other.access or self.access == other.access)
            and self.catalog is other.catalog
            and self.snapshot is other.snapshot
            and self.step == other.step
        )


@dataclass(frozen=True, slots=True)
class _Known:
    """``place`` is where the answer lies."""

    resolved: Resolved
    place: Place
    setting: _Setting


_memory: Memory[_Known] = Memory()
_flights: SingleFlight[Resolved] = SingleFlight()


async def answered(
    access: Access,
    question: Hashable,
    size: int,
    resolve: Callable[[], Awaitable[Resolved]],
    before: Seen | None = None,
) -> bytes:
    """The JSON of a ``WidgetDataResponse``.

    ``question`` is all of what is asked but by whom, ``size`` its bytes. ``before`` is what was seen before
    anything was read that ``resolve`` makes use of; by default it reads for itself.
    """
    started = time.perf_counter()
    key = (access.tenant_id, question)
    setting = await _setting(access)
    known = _memory.recall(key)
    if known is not None and known.setting.same(setting):
        seen = await look(access.tenant_id, known.place)
        if seen is not None and _memory.holds(key, known, seen):
            return await _answer(known, seen.values, started)
        before = before or seen
    before = before or await look(access.tenant_id)
    if before is None:
        resolved = await resolve()
    else:  # whoever saw another mark may have to see another state
        resolved = await _flights.run((*key, access.version, before.mark), resolve)
    known = _Known(resolved, await resolved.asked.place(resolved.address), setting)
    if before is not None and size + len(resolved.address.head) <= MAX_BYTES:
        _memory.keep(key, known, before)
    started = time.perf_counter()
    return await _answer(known, await (await cache()).get_many(known.place), started)


async def _setting(access: Access) -> _Setting:
    step = int(time.time()) // AS_OF_SECONDS
    return _Setting(access, await catalog_for(access), await snapshot(), step)


async def _answer(known: _Known, values: Sequence[bytes | None], started: float) -> bytes:
    resolved = known.resolved
    asked, address, rows = resolved.asked, resolved.address, resolved.rows
    found = await answer_with(known.place, values, asked, address, limits=EXECUTE, rows=rows, started=started)
    return found.json(address.head)
