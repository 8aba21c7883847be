"""Fill a home once: each data set has a line in the ledger of imports and is never written twice."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.loading import ledger
from flowforge_pipeline.problems import PipelineError
from flowforge_pipeline.seed.datasets import DataSet, Span, data_sets
from flowforge_pipeline.terminal import say

BLOCK_ROWS = 1_000_000
MAX_DAYS = 3660

Known = Mapping[tuple[str, str], ledger.Entry]


def run(clickhouse: ClickHouse, *, seed: int, days: int) -> int:
    """Write what is missing, one line per data set; the exit status."""
    if not 7 <= days <= MAX_DAYS:
        raise PipelineError(f"--days {days} is out of range.", remedy=f"Give 7 to {MAX_DAYS} days.")
    yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011 - any zone's yesterday is over in New York
    sets = tuple(data_sets(Span(yesterday, days, seed)))
    entries = ledger.find(clickhouse, (one.digest for one in sets))
    known = {(entry.sha256, entry.table): entry for entry in entries}
    if not _waiting(sets, known):
        say("= sample data is in place")
        return 0
    span = _begun(known) or Span(yesterday, days, seed)
    options = {"until": span.until.isoformat(), "days": str(span.days), "seed": str(span.seed)}
    for data_set in _waiting(tuple(data_sets(span)), known):
        began = time.perf_counter()
        rows = _write(clickhouse, data_set, options, known)
        say(f"✓ {data_set.title}: {rows:,} rows in {time.perf_counter() - began:.1f} s")
    return 0


def _waiting(sets: Sequence[DataSet], known: Known) -> list[DataSet]:
    finished = {key for key, entry in known.items() if entry.state == "finished"}
    return [one for one in sets if (one.digest, one.table) not in finished]


def _begun(known: Known) -> Span | None:
    """The span of a seed that broke off, perhaps yesterday: another one would make other blocks."""
    for (_, table), entry in known.items():
        if table == "flowforge.raw_trades":
            until = date.fromisoformat(entry.options["until"])
            return Span(until, int(entry.options["days"]), int(entry.options["seed"]))
    return None


def _write(clickhouse: ClickHouse, data_set: DataSet, options: Mapping[str, str], known: Known) -> int:
    from flowforge_pipeline.loading.write import Batch, write

    rows = data_set.build()
    begun = known.get((data_set.digest, data_set.table))
    entry = begun or ledger.Entry(
        data_set.digest, data_set.table, options, "started", rows.height, BLOCK_ROWS
    )
    write(clickhouse, Batch(rows, entry, begun is not None, "", data_set.title))
    return rows.height
