"""The data sets of the seed, built only when one is missing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, partial
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from flowforge_pipeline import instruments

if TYPE_CHECKING:
    import polars as pl

CALENDAR = "XNYS"
STILL_VALID = "2149-06-06"
"""Largest date of ClickHouse's Date: ``valid_to`` of a symbol in use."""


@dataclass(frozen=True, slots=True)
class Span:
    """What the synthetic data depends on. ``until`` is the last day that may have a session."""

    until: date
    days: int
    seed: int


@dataclass(frozen=True, slots=True)
class DataSet:
    """One data set. ``identity`` names its content: another identity is written anew."""

    title: str
    table: str
    identity: str
    build: Callable[[], pl.DataFrame]

    @property
    def digest(self) -> str:
        """Stands in the ledger where a file's sha256 does."""
        return hashlib.sha256(f"{self.table} {self.identity}".encode()).hexdigest()


def data_sets(span: Span) -> Iterator[DataSet]:
    """The data sets that can be had on this machine."""
    catalogue = hashlib.sha256(repr(instruments.known()).encode()).hexdigest()
    yield DataSet("instruments", "reference.instruments", f"instruments {catalogue}", _instruments)
    actions = hashlib.sha256(repr(instruments.corporate_actions()).encode()).hexdigest()
    yield DataSet("corporate actions", "reference.corporate_actions", f"actions {actions}", _actions)
    try:
        sample = version("bokeh-sampledata")
    except PackageNotFoundError:  # an optional dependency
        pass
    else:
        yield DataSet("real daily bars", "reference.daily_bars", f"bokeh-sampledata {sample}", _daily_bars)
    yield DataSet("synthetic trades", "flowforge.raw_trades", "synthetic", partial(_trades, span))
    yield DataSet("synthetic quotes", "flowforge.raw_quotes", "synthetic", partial(_quotes, span))


def _instruments() -> pl.DataFrame:
    import polars as pl

    decimals = {
        "lot_size": pl.Decimal(18, 4),
        "tick_size": pl.Decimal(18, 6),
        "multiplier": pl.Decimal(18, 6),
    }
    return pl.DataFrame(instruments.known()).with_columns(
        *(pl.col(name).cast(kind) for name, kind in decimals.items()),
        pl.col("valid_from").str.to_date(),
        pl.col("valid_to").replace("", STILL_VALID).str.to_date(),
        revision=pl.lit(1, pl.UInt64),
    )


def _actions() -> pl.DataFrame:
    import polars as pl

    frame = pl.DataFrame(instruments.corporate_actions())
    return frame.with_columns(
        pl.col("ex_date").str.to_date(),
        pl.col("ratio").cast(pl.Decimal(38, 12)),
        source_file=pl.lit("corporate_actions.csv"),
        row_no=pl.int_range(1, frame.height + 1, dtype=pl.Int64),
    )


def _daily_bars() -> pl.DataFrame:
    from flowforge_pipeline.seed import daily

    return daily.bars()


@lru_cache(maxsize=1)
def _trades(span: Span) -> pl.DataFrame:
    from flowforge_pipeline.seed import walk
    from flowforge_pipeline.sessions import sessions_of

    sessions = sessions_of(CALENDAR, span.until - timedelta(days=span.days), span.until)
    assert sessions is not None
    return walk.trades(sessions, span.seed)


def _quotes(span: Span) -> pl.DataFrame:
    from flowforge_pipeline.seed import walk

    return walk.quotes(_trades(span), span.seed)
