"""Databento Binary Encoding (DBN): trades, quotes, books, bars, definitions, statistics and status.

Prices are integers × 10⁻⁹, 2⁶³ − 1 where there is none; times are nanoseconds UTC. Records are read as
arrays in the layouts of the vendor's own package. Format: https://databento.com/docs/standards-and-conventions
"""

from __future__ import annotations

from collections.abc import Callable

from flowforge_pipeline.importers import dbn_book, dbn_reference, dbn_ticks
from flowforge_pipeline.importers.dbn_file import DbnFile, open_dbn
from flowforge_pipeline.importers.prepared import Prepared, Upload
from flowforge_pipeline.problems import FileError

SOURCE = "databento"

_READERS: dict[str, Callable[[DbnFile, Upload, str], tuple[Prepared, ...]]] = {
    "trades": dbn_ticks.trades,
    "tbbo": dbn_ticks.trades_with_quotes,
    "mbp-1": dbn_ticks.quotes,
    "bbo-1s": dbn_ticks.sampled_quotes,
    "bbo-1m": dbn_ticks.sampled_quotes,
    "cbbo-1s": dbn_ticks.sampled_quotes,
    "cbbo-1m": dbn_ticks.sampled_quotes,
    "mbp-10": dbn_book.book,
    "mbo": dbn_book.orders,
    "ohlcv-1s": dbn_ticks.bars,
    "ohlcv-1m": dbn_ticks.bars,
    "ohlcv-1h": dbn_ticks.bars,
    "ohlcv-1d": dbn_ticks.bars,
    "definition": dbn_reference.definitions,
    "statistics": dbn_reference.statistics,
    "status": dbn_reference.status,
}


def prepare(upload: Upload, content: bytes, source: str | None) -> tuple[Prepared, ...]:
    """Rows by the file's schema."""
    file = open_dbn(content)
    reader = _READERS.get(file.schema)
    if reader is None:
        raise FileError(
            f'The schema "{file.schema}" is not known here.', remedy=f"Schemas: {', '.join(_READERS)}."
        )
    return (*reader(file, upload, source or SOURCE), *file.instruments())
