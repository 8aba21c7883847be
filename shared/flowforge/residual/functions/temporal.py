"""Functions of dates and datetimes, in UTC; weeks start on Monday."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from flowforge.formula.tree import Call, Constant
from flowforge.residual.convert import to_datetime
from flowforge.residual.functions.arithmetic import Compute
from flowforge.residual.values import dtype

if TYPE_CHECKING:
    import polars as pl

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
STEP = {"second": "1s", "minute": "1m", "hour": "1h", "day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1901, 2260
"""DATE_ADD beyond them is NULL, as in the stores (``formula.functions.temporal``)."""


def _unit(call: Call) -> str:
    first = call.arguments[0]
    assert isinstance(first, Constant)
    return str(first.value).lower()


def _part(take: Callable[[pl.Series], pl.Series]) -> Compute:
    return lambda call, values: take(values[0]).cast(dtype(call.type))


def _trunc(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    unit, value = _unit(call), values[1]
    if call.type.kind == "date" and SECONDS.get(unit, 604_800) < 604_800:
        return value
    return value.dt.truncate(STEP[unit])


def _add(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    import polars as pl

    unit, (count, value) = _unit(call), values[1:]
    if call.type.kind == "datetime":
        value = to_datetime(value)
    frame = pl.DataFrame({"count": count, "value": value})
    months = MONTHS.get(unit)
    per_year = 12 // months if months else 31_536_000 // SECONDS[unit]
    year = pl.col("value").dt.year().cast(pl.Int64) + _towards_zero("count", per_year)
    if months:
        moved = pl.col("value").dt.offset_by(pl.format("{}mo", pl.col("count") * months))
    elif call.type.kind == "datetime":  # wraps on the way at most: what comes out fits
        moved = pl.col("value").cast(pl.Int64) + pl.col("count") * (SECONDS[unit] * 1_000_000_000)
    else:
        moved = pl.col("value").cast(pl.Int64) + pl.col("count") * (SECONDS[unit] // 86_400)
    inside = year.is_between(FIRST_YEAR, LAST_YEAR)
    within = frame.with_columns(pl.when(inside).then("count").alias("count"))
    return (
        within.select(pl.when(pl.col("count").is_not_null()).then(moved)).to_series().cast(dtype(call.type))
    )


def _towards_zero(name: str, by: int) -> pl.Expr:
    import polars as pl

    return pl.col(name).abs() // by * pl.col(name).sign()


def _diff(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    unit = _unit(call)
    return _ordinal(unit, values[2]) - _ordinal(unit, values[1])


def _ordinal(unit: str, value: pl.Series) -> pl.Series:
    """How many of the units have begun since some moment."""
    import polars as pl

    if unit in MONTHS:
        months = value.dt.year().cast(pl.Int64) * 12 + value.dt.month().cast(pl.Int64) - 1
        return months // MONTHS[unit]
    days = value.cast(pl.Date) if value.dtype != pl.Date else value
    if unit in ("day", "week"):
        since = days.cast(pl.Int64)
        return since if unit == "day" else (since + 3) // 7  # 1970-01-01 was a Thursday
    return to_datetime(value).cast(pl.Int64) // (SECONDS[unit] * 1_000_000_000)


TEMPORAL: Mapping[str, Compute] = {
    "YEAR": _part(lambda value: value.dt.year()),
    "MONTH": _part(lambda value: value.dt.month()),
    "DAY": _part(lambda value: value.dt.day()),
    "HOUR": _part(lambda value: value.dt.hour()),
    "MINUTE": _part(lambda value: value.dt.minute()),
    "WEEKDAY": _part(lambda value: value.dt.weekday()),
    "DATE_TRUNC": _trunc,
    "DATE_ADD": _add,
    "DATE_DIFF": _diff,
}
