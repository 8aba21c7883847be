"""Running a plan for one page of rows, with the content-addressed cache in front."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import orjson

from flowforge.catalog import Freshness
from flowforge.errors import StoreError
from flowforge.metrics import CACHE
from flowforge.quotas import query_slot
from flowforge.records import dataclass
from flowforge.residual.run import read
from flowforge.results.asked import Address, Asked
from flowforge.results.entry import Place, pack, place_of, unpack
from flowforge.results.flight import SingleFlight
from flowforge.results.noted import note, note_read
from flowforge.schema import snapshot
from flowforge.settings import settings
from flowforge.stores import Limits
from flowforge.stores.cache import cache
from flowforge.tenancy import Access
from flowforge.types import to_json

if TYPE_CHECKING:
    from flowforge.compiler import Plan

LIVE_TTL_SECONDS = 1
_ROW_COUNT = b'"row_count":'
_flights: SingleFlight[bytes] = SingleFlight()


@dataclass(frozen=True, slots=True)
class _Made:
    """What is worked out: the fragment of an answer, and what is kept beside it for as long (values by their keys)."""

    fragment: bytes
    seconds: int
    beside: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows with their columns as the members of a JSON object, without the braces around them."""

    fragment: bytes
    cache_hit: bool

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        # The last of that name is ours: behind the rows no text of a tenant follows.
        at = self.fragment.rindex(_ROW_COUNT) + len(_ROW_COUNT)
        return int(self.fragment[at : self.fragment.index(b",", at)])

    def json(self, more: bytes = b"") -> bytes:
        """The whole object; ``more`` are further members, each followed by a comma."""
        hit = b"true" if self.cache_hit else b"false"
        return b"{" + more + b'"cache_hit":' + hit + b"," + self.fragment + b"}"


async def answer(
    plan: Plan, access: Access, *, limits: Limits, rows: int, kind: str, cached: bool = True
) -> Answer:
    """At most ``rows`` rows of a plan that was compiled for one row more.

    ``kind`` tells apart answers of one plan under different limits. Errors are never cached. Without
    Redis every answer is computed; equal questions at one moment still share one query.
    """
    started = time.perf_counter()
    if cached:
        found = await remembered(plan, access, kind, lambda: _run(plan, access, limits, rows))
    else:
        found = Answer(await _run(plan, access, limits, rows), cache_hit=False)
    note(plan, found.row_count, (time.perf_counter() - started) * 1000)
    return found


async def answer_asked(asked: Asked, *, limits: Limits, rows: int) -> tuple[Answer, Address]:
    """The same for a question, which is compiled only if no answer is kept, or if that costs no import."""
    started = time.perf_counter()
    address = await asked.address()
    place = await asked.place(address)
    values = await (await cache()).get_many(place)
    return await answer_with(
        place, values, asked, address, limits=limits, rows=rows, started=started
    ), address


async def answer_with(
    place: Place,
    values: Sequence[bytes | None],
    asked: Asked,
    address: Address,
    *,
    limits: Limits,
    rows: int,
    started: float,
) -> Answer:
    """The same for somebody who knows the place of the answer and has just read the ``values`` of its keys.

    ``started`` is when that began (``perf_counter``).
    """

    async def work() -> _Made:
        plan = await asked.plan()
        key, signpost = asked.signpost(plan)
        fragment = await _run(plan, asked.access, limits, rows)
        return _Made(fragment, _ttl(plan.freshness), {key: signpost})

    found = await _at(place, values, work)
    elapsed = (time.perf_counter() - started) * 1000
    note_read(address.plan_hash, address.tables, found.row_count, elapsed)
    return found


async def remembered(plan: Plan, access: Access, kind: str, work: Callable[[], Awaitable[bytes]]) -> Answer:
    """What ``work`` makes of a plan, from the cache if nothing that the plan reads has changed since.

    Whoever asks the same meanwhile waits for the same work.
    """
    place = place_of(plan, access, await snapshot(), kind)

    async def made() -> _Made:
        return _Made(await work(), _ttl(plan.freshness))

    return await _at(place, await (await cache()).get_many(place), made)


async def _at(place: Place, values: Sequence[bytes | None], work: Callable[[], Awaitable[_Made]]) -> Answer:
    key, (entry, *epochs) = place[0], values
    found = unpack(entry, epochs)
    CACHE.add("miss" if found is None else "hit")
    if found is not None:
        return Answer(found, cache_hit=True)

    async def compute() -> bytes:
        made = await work()
        await (await cache()).put({key: pack(epochs, made.fragment), **made.beside}, made.seconds)
        return made.fragment

    # A query that began before a change must not answer a question that was asked after it.
    flight = f"{key}:{pack(epochs, b'').decode()}"
    return Answer(await _flights.run(flight, compute), cache_hit=False)


async def _run(plan: Plan, access: Access, limits: Limits, rows: int) -> bytes:
    async with query_slot(access.tenant_id):
        as_of = datetime.now(UTC)
        started = time.perf_counter()
        try:
            found = await read(plan, limits)
        except StoreError as error:
            plan.blame(error)
            raise
    elapsed = (time.perf_counter() - started) * 1000
    page, truncated = found.first(rows)
    return _members(
        {
            "columns": orjson.dumps(to_json(plan.columns)),
            "rows": page.json(),
            "row_count": str(page.count).encode(),
            "execution_ms": f"{elapsed:.1f}".encode(),
            "truncated": b"true" if truncated else b"false",
            "plan_hash": orjson.dumps(plan.plan_hash),
            "as_of": orjson.dumps(as_of.isoformat(timespec="milliseconds").replace("+00:00", "Z")),
        }
    )


def _members(members: Mapping[str, bytes]) -> bytes:
    return b",".join(b'"' + name.encode() + b'":' + value for name, value in members.items())


def _ttl(freshness: Freshness) -> int:
    return LIVE_TTL_SECONDS if freshness == "live" else settings().preview_ttl_seconds
