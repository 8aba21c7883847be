"""The changes of the last moments, for widgets that the index learns of a little later than their readers."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from flowforge.live.changes import Change
from flowforge.live.index import Dependent, Index, Stale, touches

REMEMBERED_SECONDS = 2.0
MAX_CHANGES = 4_096


class Recent:
    """Distinct changes, oldest first, with the time of the last of each and the index it was matched with."""

    def __init__(self) -> None:
        self._changes: dict[Change, tuple[float, int]] = {}

    def add(self, changes: Iterable[Change], edition: int) -> None:
        """Remember changes that were matched with that edition of the index; of too many the oldest are forgotten."""
        now = time.monotonic()
        for change in changes:
            self._changes.pop(change, None)
            self._changes[change] = (now, edition)
        while self._changes:
            oldest, (when, _) = next(iter(self._changes.items()))
            if now - when <= REMEMBERED_SECONDS and len(self._changes) <= MAX_CHANGES:
                break
            del self._changes[oldest]

    def missed_by(self, late: Sequence[Dependent], index: Index) -> Stale:
        """The late widgets that a change matched without them makes stale, by channel."""
        self.add((), index.edition)
        found: dict[str, set[str]] = {}
        for each in late:
            entered = index.entered(each.name)
            missed = [change for change, (_, edition) in self._changes.items() if edition < entered]
            if any(touches(change, each, read) for read in each.reads for change in missed):
                found.setdefault(each.channel, set()).add(each.widget)
        return {channel: frozenset(widgets) for channel, widgets in found.items()}
