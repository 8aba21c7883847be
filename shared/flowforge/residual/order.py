"""The order of rows: NULL last in either direction, NaN before it, text by code point, false before true."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

Term = tuple["pl.Series", bool]
"""A key, and whether it descends."""


def sorted_rows(terms: Sequence[Term], height: int) -> pl.Series:
    """Positions of the rows in their order; rows that no key tells apart stay as they came."""
    import polars as pl

    columns: dict[str, pl.Series] = {}
    descending: list[bool] = []
    for values, down in terms:
        if values.dtype == pl.Float64:
            columns[f"k{len(columns)}"] = values.is_nan()
            descending.append(False)
        columns[f"k{len(columns)}"] = values
        descending.append(down)
    rows = pl.int_range(height, dtype=pl.get_index_type(), eager=True)
    if not columns:
        return rows
    frame = pl.DataFrame({**columns, "row": rows})
    placed = frame.sort(list(columns), descending=descending, nulls_last=True, maintain_order=True)
    return placed["row"]
