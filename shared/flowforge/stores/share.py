"""How much of an engine one query may take while others run: set around it by who admits it.

ClickHouse lets a query wait while others of a smaller ``priority`` run, and ``max_threads`` bounds how many
cores it keeps busy. Who has kept the engine busy makes way for everybody else; the queries of a dashboard, which
begin together, do not wait for each other, nor for the one that another tenant began first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from flowforge.settings import settings

BACKGROUND = 100
"""The priority of work that nobody waits for."""
WAIT_MS = 100
"""How long a query waits for those before it, each time it has read some rows: it is slowed, but comes to an end.
ClickHouse's second would make one of ten blocks wait for ten."""


class Share(NamedTuple):
    """``priority``: smaller is first. ``part``: the n-th part of the engine's threads."""

    priority: int
    part: int


_share: ContextVar[Share | None] = ContextVar("flowforge_engine_share", default=None)


@contextmanager
def sharing(share: Share) -> Iterator[None]:
    """Queries inside take no more than this."""
    before = _share.get()
    _share.set(share)
    try:
        yield
    finally:
        _share.set(before)  # not a reset: a stream may be closed by another task than began it


def engine_settings() -> Mapping[str, str]:
    """ClickHouse settings of the current query; none for our own."""
    share = _share.get()
    if share is None:
        return {}
    return {
        "priority": str(share.priority),
        "low_priority_query_wait_time_ms": str(WAIT_MS),
        "max_threads": str(max(1, settings().engine_threads // share.part)),
    }
