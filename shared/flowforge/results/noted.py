"""What a request was given, noted where it is read and written down where the request ends.

The notes travel in a context variable: whoever runs a plan need not know who asked, nor who listens.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from flowforge.records import dataclass

if TYPE_CHECKING:
    from flowforge.compiler import Plan


@dataclass(frozen=True, slots=True)
class Note:
    """Rows of one plan that left the stores for somebody. ``rows`` None: a stream, whose end is not waited for."""

    plan_hash: str
    tables: tuple[str, ...]
    rows: int | None
    elapsed_ms: float


_notes: ContextVar[list[Note] | None] = ContextVar("flowforge_notes", default=None)


@contextmanager
def noting() -> Iterator[list[Note]]:
    """The notes of everything that is done in the block, tasks begun in it included."""
    notes: list[Note] = []
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)


def note(plan: Plan, rows: int | None, elapsed_ms: float) -> None:
    """Somebody is given rows of a plan."""
    note_read(plan.plan_hash, tuple(plan.tables), rows, elapsed_ms)


def note_read(plan_hash: str, tables: tuple[str, ...], rows: int | None, elapsed_ms: float) -> None:
    """Somebody is given rows that a plan of this hash gave."""
    notes = _notes.get()
    if notes is not None:
        notes.append(Note(plan_hash, tables, rows, elapsed_ms))
