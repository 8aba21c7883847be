"""The changes of the last moments, for widgets that the index learns of a little later than their readers."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence

from flowforge.live.changes import Change
from flowforge.live.index import Dashboard, Dependent, touches

REMEMBERED_SECONDS = 2.0
MAX_CHANGES = 4_096


class Recent:
    """Distinct changes with the time of the last of each, oldest first."""

    def __init__(self) -> None:
        self._changes: dict[Change, float] = {}

    def add(self, changes: Iterable[Change]) -> None:
        """Remember changes for a moment; of too many the oldest are forgotten."""
        now = time.monotonic()
        for change in changes:
            self._changes.pop(change, None)
            self._changes[change] = now
        while self._changes:
            oldest, when = next(iter(self._changes.items()))
            if now - when <= REMEMBERED_SECONDS and len(self._changes) <= MAX_CHANGES:
                break
            del self._changes[oldest]

    def missed_by(self, late: Sequence[Dependent]) -> Mapping[Dashboard, frozenset[str]]:
        """The late widgets that one of these changes makes stale, by dashboard."""
        self.add(())
        found: dict[Dashboard, set[str]] = {}
        for each in late:
            if any(touches(change, each, read) for read in each.reads for change in self._changes):
                found.setdefault((each.tenant, each.dashboard), set()).add(each.widget)
        return {dashboard: frozenset(widgets) for dashboard, widgets in found.items()}
