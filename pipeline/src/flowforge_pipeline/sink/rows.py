"""Normalised messages as rows of their table."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pyarrow as pa

from flowforge_pipeline.messages import PAYLOADS, Kind, frame

_NOT_STORED = ("instrument_id", "event_id", "entity_id")
"""The tables have the symbol, and the trade's, quote's or order's own identifier."""
_MANY_VALUES = ("trade_id", "order_id", "fill_id")


def rows(kind: Kind, values: Sequence[bytes]) -> pl.DataFrame:
    """Columns of ``raw_<kind>``."""
    return frame(kind, values).drop(_NOT_STORED).with_columns(pl.col("ingest_time").dt.cast_time_unit("ms"))


def table(kind: Kind) -> str:
    """Where they go."""
    return PAYLOADS[kind].table


def arrow(found: pl.DataFrame) -> pa.Table:
    """Repeated text as dictionaries: two thirds less to send and to parse."""
    repeated = [
        name for name, type_ in found.schema.items() if type_ == pl.String and name not in _MANY_VALUES
    ]
    return found.with_columns(pl.col(repeated).cast(pl.Categorical)).to_arrow(
        compat_level=pl.CompatLevel.oldest()
    )
