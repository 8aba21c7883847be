"""A cached answer: its key, and how it stops being valid before its time is up."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol

from flowforge.schema.registry import Snapshot
from flowforge.tenancy import Access

KEY_PREFIX = "flowforge:result:"
EPOCH_PREFIX = "flowforge:data:"
"""``flowforge:data:<database.table>`` counts the announced changes of a table. An entry remembers
the counts that held before its query ran; once one of them has moved, the entry is not used again."""


Place = tuple[str, ...]
"""Keys: of an entry, and of the change counters of each table that its plan reads."""


class Addressed(Protocol):
    """A plan, or as much of one as finding its answers takes."""

    @property
    def cache_key(self) -> str:
        """Of the rows that are asked for."""

    @property
    def tables(self) -> Sequence[str]:
        """Those that are read."""


def place_of(plan: Addressed, access: Access, snapshot: Snapshot, kind: str) -> Place:
    """Where the answer of a plan lies, and what says that it still holds."""
    return key_of(plan, access, snapshot, kind), *[EPOCH_PREFIX + table for table in plan.tables]


def key_of(plan: Addressed, access: Access, snapshot: Snapshot, kind: str) -> str:
    """Content address: tenant, ACL version, plan, parameters, as-of time, page, format, catalogue.

    ``plan.cache_key`` covers graph, parameters, page and – where the plan asks for it – the as-of
    time; tenant and ACL version stand here again because no other slip may ever share an answer.
    The row counts that the catalogue last saw are in it too: a change that nobody announced is
    noticed within a minute.
    """
    counts = ",".join(str(snapshot.rows.get(table, "")) for table in plan.tables)
    parts = (access.tenant_id, str(access.version), plan.cache_key, kind, snapshot.catalog.version, counts)
    digest = hashlib.sha256("\x00".join(parts).encode()).hexdigest()
    return f"{KEY_PREFIX}{access.tenant_id}:{digest}"


def pack(epochs: Sequence[bytes | None], fragment: bytes) -> bytes:
    """An entry: the counters on the first line, then the answer."""
    return b",".join(epoch or b"0" for epoch in epochs) + b"\n" + fragment


def unpack(entry: bytes | None, epochs: Sequence[bytes | None]) -> bytes | None:
    """The answer of an entry, unless one of its tables has changed since."""
    if entry is None:
        return None
    then, _, fragment = entry.partition(b"\n")
    return fragment if then == b",".join(epoch or b"0" for epoch in epochs) else None
