"""Read Parquet; numbers become text where they are floats, in their shortest exact notation."""

from __future__ import annotations

import io

import polars as pl

from flowforge_pipeline.problems import FileError

MAGIC = b"PAR1"


def read(content: bytes) -> pl.DataFrame:
    """All rows: temporal columns as they are, everything else as text."""
    if not (content.startswith(MAGIC) and content.endswith(MAGIC)):
        raise FileError(
            f"The Parquet file is cut off: its footer is missing after byte {len(content):,}.",
            remedy="Get the file again.",
        )
    try:
        frame = pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise FileError(
            f"The Parquet file cannot be read ({error}).", remedy="Get the file again."
        ) from error
    if frame.height == 0:
        raise FileError("The file has no rows.")
    nested = [name for name, kind in frame.schema.items() if kind.is_nested()]
    return frame.drop(nested).with_columns((~pl.selectors.temporal()).cast(pl.String))
