"""Files whose rows are in and that are settled together: derived once, then noted as finished.

Three days of a symbol are three files. Each of them changes windows of the others' days, so that deriving after
every file reads the days before it again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.loading.derived import Change
from flowforge_pipeline.loading.write import Batch, Stored, derive, finish
from flowforge_pipeline.problems import PipelineError
from flowforge_pipeline.tables import TRADES

_MOST_FILES = 8
"""What was killed is sent again: not too much of it."""
_APART = timedelta(days=4)
"""Days of a group are read whole, those between two files as well: over a long weekend, not over years."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file. ``rows`` is what was added, or was there already; 0 for a failure.

    ``change`` is that of the main table, ``further`` are those of others that the same file fills.
    """

    path: Path
    state: Literal["imported", "present", "failed"]
    rows: int = 0
    seconds: float = 0.0
    sha256: str = ""
    change: Change | None = None
    further: tuple[Change, ...] = ()
    days: tuple[date, date] | None = None
    problem: PipelineError | None = None


@dataclass(frozen=True)
class Written:
    """A file whose rows are in. ``stored`` has its tables, the main one first."""

    path: Path
    sha256: str
    seconds: float
    stored: tuple[Stored, ...]


def belongs(batches: Sequence[Batch], group: Sequence[Written]) -> bool:
    """Whether a file's trades are of the same symbols, and of days near to those, of all files in the group."""
    if not group:
        return True
    mine = [batch for batch in batches if batch.entry.table == TRADES.table]
    theirs = [each for written in group for each in written.stored if each.change.table == TRADES.table]
    return (
        len(group) < _MOST_FILES
        and len(mine) == 1
        and all(batch.entry.sha256 != written.sha256 for batch in mine for written in group)
        and all(each.change.symbols == mine[0].symbols for each in theirs)
        and any(_near(mine[0].days, each.days) for each in theirs)
    )


def settle(clickhouse: ClickHouse, group: Sequence[Written]) -> Iterator[Outcome]:
    """Derive, note and tell: one outcome per file, in order."""
    began = time.perf_counter()
    try:
        derive(clickhouse, [each for written in group for each in written.stored])
    except PipelineError as problem:
        yield from (_failed(written, problem) for written in group)
        return
    share = (time.perf_counter() - began) / max(len(group), 1)
    for written in group:
        try:
            # The main table last: what describes its rows is there before them.
            *further, change = [finish(clickhouse, each) for each in reversed(written.stored)]
        except PipelineError as problem:
            yield _failed(written, problem)
            continue
        yield Outcome(
            written.path, "imported", change.rows + sum(each.rows for each in further), written.seconds + share,
            written.sha256, change, tuple(reversed(further)), written.stored[0].days,
        )  # fmt: skip


def _near(some: tuple[date, date], others: tuple[date, date]) -> bool:
    return some[0] <= others[1] + _APART and others[0] <= some[1] + _APART


def _failed(written: Written, problem: PipelineError) -> Outcome:
    return Outcome(written.path, "failed", sha256=written.sha256, problem=problem)
