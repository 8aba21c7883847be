"""Revisions of rows that are written again: milliseconds since 1970, never the same or less twice.

``loading.derived`` numbers what it computes anew in the same way, so that whoever wrote last is read.
"""

from __future__ import annotations

import time


class Revisions:
    """Of one process."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        """Higher than every one before it, and than every one of a process that ended before."""
        self._last = max(self._last + 1, time.time_ns() // 1_000_000)
        return self._last
