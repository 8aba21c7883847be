"""How much of an engine one query may take while others run: set around it by who admits it.

ClickHouse lets a query wait while others of a smaller ``priority`` run, and ``max_threads`` bounds how many
cores it keeps busy. So the further queries of a tenant that runs several at once make way for the first
ones of everybody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from flowforge.settings import settings

BACKGROUND = 100
"""The rank of work that nobody waits for."""

_rank: ContextVar[int] = ContextVar("flowforge_engine_rank", default=0)


@contextmanager
def ranked(rank: int) -> Iterator[None]:
    """Queries inside are the tenant's ``rank``-th at the same time, from 1."""
    before = _rank.get()
    _rank.set(rank)
    try:
        yield
    finally:
        _rank.set(before)  # not a reset: a stream may be closed by another task than began it


def engine_settings() -> Mapping[str, str]:
    """ClickHouse settings of the current query; none for our own."""
    rank = _rank.get()
    if not rank:
        return {}
    # Background work makes way by its priority; while nobody else is there it may use half of the engine.
    threads = max(1, settings().engine_threads // (2 if rank == BACKGROUND else rank))
    return {"priority": str(rank), "max_threads": str(threads)}
