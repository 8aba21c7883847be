"""Promotion of values to the type that a function needs (``formula.rules``: common)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flowforge.residual import exact
from flowforge.types import ColumnType

if TYPE_CHECKING:
    import polars as pl


def to_float(values: pl.Series, type_: ColumnType) -> pl.Series:
    """As float64."""
    return values if type_.kind == "float64" else exact.floats(values, type_.scale)


def coerced(values: pl.Series, type_: ColumnType, target: ColumnType) -> pl.Series:
    """As ``target``, to which the type can be promoted."""
    if type_ == target:
        return values
    if target.kind == "float64":
        return to_float(values, type_)
    if target.kind == "decimal":
        return exact.rescaled(values, type_.scale, target.scale, target)
    if target.kind == "datetime" and type_.kind == "date":
        return to_datetime(values)
    return values


def to_datetime(days: pl.Series) -> pl.Series:
    """The midnight (UTC) that each date begins with."""
    import polars as pl

    if days.dtype != pl.Date:
        return days
    from flowforge.residual.refusals import unsupported

    low, high = days.min(), days.max()
    if low is not None and not 1678 <= low.year <= high.year <= 2261:  # type: ignore[union-attr]
        raise unsupported("A date before 1678 or after 2261 beside a time", "Filter such dates away first.")
    return days.cast(pl.Datetime("ns"))


def comparable(columns: Sequence[pl.Series], types: Sequence[ColumnType]) -> list[pl.Series]:
    """The columns so that Polars compares them exactly: of one kind and scale."""
    kinds = {type_.kind for type_ in types}
    pairs = list(zip(columns, types, strict=True))
    if "float64" in kinds:
        return [to_float(values, type_) for values, type_ in pairs]
    if "decimal" in kinds:
        return _aligned(pairs)
    if "datetime" in kinds:
        return [to_datetime(values) for values in columns]
    return list(columns)


def _aligned(pairs: Sequence[tuple[pl.Series, ColumnType]]) -> list[pl.Series]:
    scale = max(type_.scale for _, type_ in pairs)
    bounds = [exact.largest(values) * 10 ** (scale - type_.scale) for values, type_ in pairs]
    if max(bounds) < exact.WRAPS:
        return [
            exact.wide(values) * exact.constant(10 ** (scale - type_.scale), values)
            for values, type_ in pairs
        ]
    return _ranked([[(v, type_.scale) for v in values.to_list()] for values, type_ in pairs], scale)


def _ranked(columns: Sequence[Sequence[tuple[int | None, int]]], scale: int) -> list[pl.Series]:
    """Numbers too long for 128 bits at one scale, by their places among each other."""
    import polars as pl

    whole = [[None if v is None else v * 10 ** (scale - s) for v, s in column] for column in columns]
    places = {
        value: place
        for place, value in enumerate(sorted({v for column in whole for v in column if v is not None}))
    }
    return [
        pl.Series([None if v is None else places[v] for v in column], dtype=pl.Int128) for column in whole
    ]
