"""How much one query may cost. No query runs without limits."""

from __future__ import annotations

from flowforge.records import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds`` of run time, ``memory_bytes`` in the engine, ``rows_read`` from storage (None: any).

    ``rows_fetched``: of each store, where rows of several are brought together.
    """

    seconds: float
    memory_bytes: int
    rows_read: int | None = None
    rows_fetched: int = 2_000_000


PREVIEW = Limits(seconds=3, memory_bytes=100_000_000, rows_read=10_000_000, rows_fetched=500_000)
ESTIMATE = Limits(seconds=2, memory_bytes=100_000_000)
EXECUTE = Limits(seconds=30, memory_bytes=1_000_000_000)
