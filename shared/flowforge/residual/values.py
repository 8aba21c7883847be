"""How values are held while several stores' rows are worked on: one Polars type for each column type.

    string    String                      date       Date
    int64     Int64                       datetime   Datetime, nanoseconds, without a zone (UTC)
    float64   Float64                     boolean    Boolean
    decimal   Int128: the number times 10^scale, so that every digit is a digit of an integer

Polars' own decimals are not computed with: they round half to even and divide at the dividend's scale.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flowforge.formula.tree import Constant
from flowforge.residual.refusals import DIGITS, too_large, unsupported
from flowforge.types import MAX_DECIMAL_PRECISION, ColumnType, decimal

if TYPE_CHECKING:
    import polars as pl

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_INSTANT, LAST_INSTANT = -(2**63) + 1, 2**63 - 1
"""Nanoseconds since 1970 that 64 bits hold: the years 1677 to 2262."""


def dtype(type_: ColumnType) -> Any:
    """The Polars type that holds values of a column type."""
    import polars as pl

    return {
        "string": pl.String,
        "int64": pl.Int64,
        "float64": pl.Float64,
        "decimal": pl.Int128,
        "date": pl.Date,
        "datetime": pl.Datetime("ns"),
        "boolean": pl.Boolean,
    }[type_.kind]


def constant(value: Constant, height: int) -> pl.Series:
    """The constant in every one of ``height`` rows."""
    return repeated(held(value.value, value.type), value.type, height)


def repeated(value: Any, type_: ColumnType, height: int) -> pl.Series:
    """One held value in every row."""
    import polars as pl

    if type_.kind == "datetime":
        return pl.repeat(value, height, dtype=pl.Int64, eager=True).cast(dtype(type_))
    return pl.repeat(value, height, dtype=dtype(type_), eager=True)


def held(value: Any, type_: ColumnType) -> Any:
    """A Python value as what is held of it: datetimes as nanoseconds, decimals as scaled integers."""
    if value is None:
        return None
    if type_.kind == "decimal":
        return scaled(Decimal(value), type_.scale)
    if type_.kind == "float64":
        return float(value)
    if type_.kind == "datetime":
        return nanoseconds(value)
    if type_.kind == "date" and isinstance(value, datetime):
        return value.date()
    return value


def scaled(value: Decimal, scale: int) -> int:
    """The number times 10^scale; it has no more digits after the point than that. Refused above 38 digits."""
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    whole = int("".join(map(str, digits)) or "0")
    shift = exponent + scale
    whole = whole * int(10**shift) if shift >= 0 else whole // int(10**-shift)
    if whole >= 10**DIGITS:
        raise too_large(decimal(MAX_DECIMAL_PRECISION, scale))
    return -whole if sign else whole


def nanoseconds(value: date) -> int:
    """Nanoseconds since 1970 in UTC; refused outside of what 64 bits hold."""
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    instant = value.replace(tzinfo=UTC) if value.tzinfo is None else value
    span = instant - EPOCH
    found = ((span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds) * 1_000
    if not FIRST_INSTANT <= found <= LAST_INSTANT:
        raise unsupported("A time before 1678 or after 2261", "Filter such times away at their source.")
    return found
