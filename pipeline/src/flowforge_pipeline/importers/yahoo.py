"""Daily bars as Yahoo Finance exports them: ``Date,Open,High,Low,Close,Adj Close,Volume``.

Open, high, low, close and volume are adjusted for splits, ``Adj Close`` for dividends too. The file does
not say which symbol it is: its name does (``yahoofinance-AAPL-20040819-20180120.csv``, ``AAPL.csv``), or
``--symbol``.
"""

from __future__ import annotations

import re
from functools import partial

import polars as pl

from flowforge_pipeline.importers import delimited
from flowforge_pipeline.importers.assemble import Reading, assemble
from flowforge_pipeline.importers.mapping import resolve
from flowforge_pipeline.importers.prepared import Prepared, Upload
from flowforge_pipeline.problems import FileError
from flowforge_pipeline.tables import DAILY_BARS

SOURCE = "yahoo"
_NAME = re.compile(
    r"^(?:yahoo(?:finance)?[-_])?(?P<symbol>\^?[A-Za-z][A-Za-z0-9.=]{0,14}?(?:-[A-Za-z]{1,4})?)(?:[-_]\d{8}){0,2}$"
)
_MISSING = "null"
"""What Yahoo writes into every cell of a day without data."""


def prepare(upload: Upload, content: bytes, source: str | None, symbol: str | None) -> tuple[Prepared, ...]:
    """The bars of one symbol."""
    named = _NAME.match(upload.path.name.split(".csv")[0])
    if symbol is None and named is None:
        raise FileError("Neither the file nor its name says the symbol.", remedy="Give --symbol AAPL.")
    cells = delimited.read(content).with_columns(pl.exclude("Date").replace(_MISSING, None))
    reading = Reading(source or SOURCE, symbol=symbol or (named["symbol"].upper() if named else None))
    columns = resolve(DAILY_BARS, cells.columns, {}, symbol=reading.symbol)
    rows = assemble(upload, DAILY_BARS, cells, columns, reading, partial(delimited.line_of, content))
    return (Prepared(DAILY_BARS, rows.with_columns(adjust=pl.lit("splits"))),)
