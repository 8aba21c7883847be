"""Real daily bars from the ``bokeh-sampledata`` package: AAPL, MSFT, GOOG, IBM, FB, 2000 to 2013.

Published by Quandl (WIKI prices) into the public domain; open, high, low, close and volume are as
traded, ``adj_close`` is the source's. Read as text: the package's own accessors go through floats.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl

from flowforge_pipeline.importers import delimited
from flowforge_pipeline.importers.assemble import Reading, assemble
from flowforge_pipeline.importers.mapping import resolve
from flowforge_pipeline.importers.prepared import Upload
from flowforge_pipeline.tables import DAILY_BARS

SOURCE = "Quandl WIKI (bokeh-sampledata)"


def bars() -> pl.DataFrame:
    """All bars of the five symbols."""
    from bokeh_sampledata import package_path

    packed = Path(package_path("stocks.csv.gz"))
    upload = Upload.of(packed, gzip.decompress(packed.read_bytes()))
    cells = delimited.read(upload.content)
    columns = resolve(DAILY_BARS, cells.columns, {}, symbol=None)
    return assemble(upload, DAILY_BARS, cells, columns, Reading(source=SOURCE), None).with_columns(
        adjust=pl.lit("none")
    )
