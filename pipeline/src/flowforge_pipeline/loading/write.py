"""Write the rows of one file or data set: noted as begun, sent in blocks, derived, noted as finished."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

import polars as pl

from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.loading import blocks, ledger
from flowforge_pipeline.loading.announce import announce
from flowforge_pipeline.loading.derived import Change, recompute_vwap
from flowforge_pipeline.loading.revised_bars import revise
from flowforge_pipeline.loading.tell import changed, tell
from flowforge_pipeline.loading.volatility import recompute_volatility

_DAY_COLUMNS = ("trade_date", "day", "ex_date", "valid_from")
_TIME_COLUMNS = ("event_time", "bar_start", *_DAY_COLUMNS)


@dataclass(frozen=True)
class Batch:
    """Rows that belong together. ``begun``: the ledger's line where writing them broke off before."""

    rows: pl.DataFrame
    entry: ledger.Entry
    begun: bool
    file: str
    source: str

    @property
    def symbols(self) -> tuple[str, ...]:
        """Distinct symbols, in order."""
        return tuple(sorted(self.rows["symbol"].unique()))

    @property
    def days(self) -> tuple[date, date]:
        """First and last trade date."""
        days = self.rows[next(name for name in _DAY_COLUMNS if name in self.rows.columns)]
        return cast("date", days.min()), cast("date", days.max())


def begin(clickhouse: ClickHouse, batch: Batch) -> None:
    """Note that writing begins, unless it had begun before."""
    if not batch.begun:
        _note(clickhouse, batch, batch.entry)


def write(clickhouse: ClickHouse, batch: Batch, progress: Callable[[int], None] | None = None) -> Change:
    """Write a batch; safe to repeat after a crash at any point, with the same rows."""
    symbols, days = batch.symbols, batch.days
    begin(clickhouse, batch)
    blocks.send(
        clickhouse,
        batch.entry.table,
        batch.rows,
        digest=batch.entry.sha256,
        block_rows=batch.entry.block_rows,
        progress=progress,
    )
    if batch.entry.table == "flowforge.raw_trades":
        revise(clickhouse, batch.rows)
        with ThreadPoolExecutor(max_workers=2) as both:
            done = [
                both.submit(each, clickhouse, symbols, days)
                for each in (recompute_vwap, recompute_volatility)
            ]
        for each in done:
            each.result()
    _note(clickhouse, batch, replace(batch.entry, state="finished"))
    times = batch.rows[next(name for name in _TIME_COLUMNS if name in batch.rows.columns)]
    change = Change(batch.entry.table, symbols, batch.rows.height, cast("datetime | date", times.max()))
    announce(change)
    tell("import", [changed(change)])
    return change


def _note(clickhouse: ClickHouse, batch: Batch, entry: ledger.Entry) -> None:
    ledger.write(
        clickhouse, entry, file=batch.file, source=batch.source, symbols=batch.symbols, days=batch.days
    )
