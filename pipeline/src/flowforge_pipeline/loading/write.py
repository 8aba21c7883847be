"""Write the rows of one file or data set: noted as begun, sent in blocks, derived, noted as finished.

A crash between any two of these leaves a batch that has begun, which is sent again whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from flowforge_pipeline.loading.volatility import LastPrices, last_prices, recompute_volatility
from flowforge_pipeline.tables import TRADES

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


@dataclass(frozen=True)
class Stored:
    """A batch whose rows are in, without them: what is still to be worked out from them, and to be told."""

    batch: Batch
    change: Change
    days: tuple[date, date]
    last_prices: LastPrices | None = None


def begin(clickhouse: ClickHouse, batch: Batch) -> None:
    """Note that writing begins, unless it had begun before."""
    if not batch.begun:
        _note(clickhouse, batch, "started", batch.symbols, batch.days)


def write(clickhouse: ClickHouse, batch: Batch) -> Change:
    """Write a batch; safe to repeat after a crash at any point, with the same rows."""
    begin(clickhouse, batch)
    stored = store(clickhouse, batch)
    derive(clickhouse, [stored])
    return finish(clickhouse, stored)


def store(
    clickhouse: ClickHouse,
    batch: Batch,
    progress: Callable[[int], None] | None = None,
    *,
    whole_file: bool = False,
) -> Stored:
    """Send the rows of a batch that has begun. ``whole_file``: no other batch has rows of its ``source_file``."""
    traded = batch.entry.table == TRADES.table
    with ThreadPoolExecutor(max_workers=1) as meanwhile:
        lasts = meanwhile.submit(last_prices, batch.rows) if traded and whole_file else None
        blocks.send(
            clickhouse,
            batch.entry.table,
            batch.rows,
            digest=batch.entry.sha256,
            block_rows=batch.entry.block_rows,
            progress=progress,
        )
    if traded:
        revise(clickhouse, batch.rows)
    times = batch.rows[next(name for name in _TIME_COLUMNS if name in batch.rows.columns)]
    watermark = cast("datetime | date", times.max())
    change = Change(batch.entry.table, batch.symbols, batch.rows.height, watermark)
    return Stored(
        replace(batch, rows=batch.rows.clear()), change, batch.days, lasts.result() if lasts else None
    )


def derive(clickhouse: ClickHouse, stored: Sequence[Stored]) -> None:
    """Work out what follows from their trades, once for all: windows and volatility reach over days and files."""
    traded = [each for each in stored if each.change.table == TRADES.table]
    if not traded:
        return
    symbols = sorted({symbol for each in traded for symbol in each.change.symbols})
    days = min(each.days[0] for each in traded), max(each.days[1] for each in traded)
    known = [each.last_prices for each in traded]
    with ThreadPoolExecutor(max_workers=2) as both:
        windows = both.submit(recompute_vwap, clickhouse, symbols, days)
        volatility = both.submit(recompute_volatility, clickhouse, symbols, days, known)
    windows.result()
    volatility.result()


def finish(clickhouse: ClickHouse, stored: Stored) -> Change:
    """Note that everything is in, and tell."""
    _note(clickhouse, stored.batch, "finished", stored.change.symbols, stored.days)
    announce(stored.change)
    tell("import", [changed(stored.change)])
    return stored.change


def _note(
    clickhouse: ClickHouse, batch: Batch, state: ledger.State, symbols: Sequence[str], days: tuple[date, date]
) -> None:
    entry = replace(batch.entry, state=state)
    ledger.write(clickhouse, entry, file=batch.file, source=batch.source, symbols=symbols, days=days)
