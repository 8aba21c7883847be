"""Exact arithmetic on columns of scaled 128-bit integers.

Polars' 128-bit operations wrap without a word. So each operation first asks how large its operands
really are: where the largest possible result fits, it runs in Polars; where it might not, every row
is worked out in Python's integers, which have no end, and checked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flowforge.residual.refusals import DIGITS, too_large
from flowforge.types import ColumnType

if TYPE_CHECKING:
    import polars as pl

WRAPS = 2**127
LARGEST_INT64 = 2**63 - 1
EXACT_FLOAT = 2**53


def largest(values: pl.Series) -> int:
    """The greatest magnitude; 0 of nothing."""
    low, high = values.min(), values.max()
    return max(abs(int(low)), abs(int(high))) if low is not None else 0  # type: ignore[arg-type]


def constant(value: int, like: pl.Series) -> pl.Series:
    """The integer in every row."""
    import polars as pl

    return pl.repeat(value, like.len(), dtype=pl.Int128, eager=True)


def each(compute: Callable[..., int | None], *columns: pl.Series) -> list[int | None]:
    """Row by row in Python's integers; NULL where one is NULL."""
    return [
        None if None in row else compute(*row)
        for row in zip(*[column.to_list() for column in columns], strict=True)
    ]


def wide(values: pl.Series) -> pl.Series:
    """In 128 bits."""
    import polars as pl

    return values if values.dtype == pl.Int128 else values.cast(pl.Int128)


def checked(values: pl.Series, type_: ColumnType) -> pl.Series:
    """The values in the type's own width; ``NUMERIC_OVERFLOW`` where one has too many digits."""
    import polars as pl

    if type_.kind == "int64":
        low, high = values.min(), values.max()
        if low is not None and (int(low) < -LARGEST_INT64 - 1 or int(high) > LARGEST_INT64):  # type: ignore[arg-type]
            raise too_large(type_)
        return values.cast(pl.Int64)
    if largest(values) >= 10 ** min(type_.precision, DIGITS):
        raise too_large(type_)
    return values


def collected(values: list[int | None], type_: ColumnType) -> pl.Series:
    """Python's integers as a column; ``NUMERIC_OVERFLOW`` where one has too many digits."""
    import polars as pl

    end = LARGEST_INT64 + 1 if type_.kind == "int64" else 10 ** min(type_.precision, DIGITS)
    for value in values:
        if value is not None and abs(value) >= end and not (value == -end and type_.kind == "int64"):
            raise too_large(type_)
    return pl.Series(values, dtype=pl.Int64 if type_.kind == "int64" else pl.Int128)


def rescaled(values: pl.Series, before: int, after: int, type_: ColumnType) -> pl.Series:
    """The same numbers with another scale, rounded half away from zero."""
    values = wide(values)
    if after == before:
        return checked(values, type_)
    if after < before:
        return checked(quotient(values, constant(10 ** (before - after), values)), type_)
    factor = 10 ** (after - before)
    if largest(values) * factor < WRAPS:
        return checked(values * constant(factor, values), type_)
    return collected(each(lambda value: value * factor, values), type_)


def quotient(dividend: pl.Series, divisor: pl.Series) -> pl.Series:
    """Whole quotient, rounded half away from zero; the divisor is nowhere zero (NULL instead)."""
    import polars as pl

    above, below = dividend.abs(), divisor.abs()
    whole = above // below
    rest = above - whole * below
    rounded = whole + (rest >= below - rest).cast(pl.Int128)
    return rounded * dividend.sign() * divisor.sign()


def half_away(dividend: int, divisor: int) -> int:
    """The same for two of Python's integers."""
    whole, rest = divmod(abs(dividend), abs(divisor))
    whole += rest >= abs(divisor) - rest
    return whole if (dividend < 0) == (divisor < 0) else -whole


def truncated(values: pl.Series, by: pl.Series) -> pl.Series:
    """What is left of a division towards zero: the sign is the dividend's."""
    above, below = values.abs(), by.abs()
    return (above - above // below * below) * values.sign()


def combined(
    operate: Callable[[Any, Any], Any], a: pl.Series, b: pl.Series, bound: int, type_: ColumnType
) -> pl.Series:
    """``operate`` on two columns whose result is at most ``bound`` in magnitude."""
    if bound < WRAPS:
        return checked(operate(a, b), type_)
    return collected(each(operate, a, b), type_)


def nonzero(values: pl.Series) -> pl.Series:
    """NULL where zero."""
    import polars as pl

    return pl.DataFrame({"x": values}).select(pl.when(pl.col("x") != 0).then(pl.col("x"))).to_series()


def floats(values: pl.Series, scale: int) -> pl.Series:
    """Scaled integers as the nearest float64 of each."""
    import polars as pl

    if largest(values) <= EXACT_FLOAT and scale <= 22:  # both exact, so that the division rounds once
        return values.cast(pl.Float64) / float(10**scale)
    power = 10**scale
    return pl.Series([None if value is None else value / power for value in values], dtype=pl.Float64)
