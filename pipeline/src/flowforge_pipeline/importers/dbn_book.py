"""DBN schemas of the order book: ten price levels (``mbp-10``) and single orders (``mbo``)."""

from __future__ import annotations

import polars as pl

from flowforge_pipeline.importers.dbn_file import DbnFile
from flowforge_pipeline.importers.dbn_ticks import labelled, top_of_book
from flowforge_pipeline.importers.prepared import Prepared, Upload
from flowforge_pipeline.tables import BOOK, BOOK_ORDERS

LEVELS = 10


def book(file: DbnFile, upload: Upload, source: str) -> tuple[Prepared, ...]:
    """``mbp-10``: every record with its ten levels, and the changes of the best bid and offer as quotes."""
    levels = []
    for level in range(LEVELS):
        for side in ("bid", "ask"):
            levels.append(file.prices(f"{side}_px_{level:02d}"))
            levels.extend(file.column(f"{side}_{what}_{level:02d}").cast(pl.Int64) for what in ("sz", "ct"))
    rows = _common(file, upload, source).hstack([file.column("depth").cast(pl.Int64), *levels])
    return Prepared(BOOK, rows), top_of_book(file, upload, source)


def orders(file: DbnFile, upload: Upload, source: str) -> tuple[Prepared, ...]:
    """``mbo``: every order's life."""
    order_id = file.column("order_id").cast(pl.String)
    return (Prepared(BOOK_ORDERS, _common(file, upload, source).hstack([order_id])),)


def _common(file: DbnFile, upload: Upload, source: str) -> pl.DataFrame:
    """Columns of both tables; the time is the capture's, by which the format orders its records."""
    times = file.times("ts_recv").alias("event_time")
    rows = pl.DataFrame(
        [file.symbols, times, file.times("ts_event").alias("exchange_time"), file.prices("price")]
    )
    return rows.hstack(labelled(file, times)).with_columns(
        action=file.column("action"),
        side=file.column("side"),
        size=file.column("size").cast(pl.Int64),
        flags=file.column("flags").cast(pl.Int64),
        venue=pl.lit(file.venue),
        sequence=file.column("sequence").cast(pl.Int64),
        source=pl.lit(source),
        source_file=pl.lit(upload.label),
        row_no=pl.int_range(1, rows.height + 1, dtype=pl.Int64),
    )
