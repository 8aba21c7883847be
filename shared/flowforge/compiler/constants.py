"""Typed constants as literals of each store: exact, and never part of the text by any other way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlglot import exp

from flowforge.errors import ErrorCode, GraphError
from flowforge.formula.clickhouse_numbers import to_decimal
from flowforge.formula.postgres_numbers import constant_of
from flowforge.formula.sql import cast, func, minus, number, text
from flowforge.formula.tree import Constant

FIRST_DATE, LAST_DATE = date(1970, 1, 1), date(2149, 6, 6)
"""What ClickHouse's 16-bit Date holds."""

_DATE = exp.DataType(this=exp.DType.DATE)
_DOUBLE = exp.DataType(this=exp.DType.DOUBLE)
_TIMESTAMPTZ = exp.DataType(this=exp.DType.TIMESTAMPTZ)


def clickhouse(constant: Constant) -> exp.Expr:
    """The literal on ClickHouse; a bare 1.5 would be a Float64 there."""
    value = constant.value
    if isinstance(value, Decimal) and constant.type.kind == "decimal":
        return to_decimal(text(f"{value:f}"), constant.type.precision, constant.type.scale)
    if isinstance(value, datetime):
        instant = value.astimezone(UTC)
        digits = 6 if instant.microsecond else 0
        written = instant.strftime("%Y-%m-%d %H:%M:%S") + (f".{instant.microsecond:06d}" if digits else "")
        return func("toDateTime64", text(written), number(digits), text("UTC"))
    if isinstance(value, date):
        name = "toDate" if FIRST_DATE <= value <= LAST_DATE else "toDate32"
        return func(name, text(value.isoformat()))
    if isinstance(value, float):
        return _signed(repr(abs(value)), value < 0)
    return _common(constant)


def postgres(constant: Constant) -> exp.Expr:
    """The literal on PostgreSQL and Materialize; a bare 1.5 is an exact numeric there."""
    value = constant.value
    if value is None:
        return constant_of(exp.Null(), constant.type)  # NULL + NULL would have no operator
    if isinstance(value, Decimal):
        return _signed(f"{value.copy_abs():f}", value < 0)  # abs() would round to 28 digits
    if isinstance(value, datetime):
        return cast(text(value.astimezone(UTC).isoformat(sep=" ")), _TIMESTAMPTZ.copy())
    if isinstance(value, date):
        return cast(text(value.isoformat()), _DATE.copy())
    if isinstance(value, float):
        return cast(_signed(repr(abs(value)), value < 0), _DOUBLE.copy())
    if isinstance(value, str) and "\x00" in value:
        raise GraphError(
            ErrorCode.UNSUPPORTED_IN_STORE,
            "PostgreSQL texts cannot hold the character NUL.",
            hint="Take the character U+0000 out of the value.",
        )
    return _common(constant)


def _common(constant: Constant) -> exp.Expr:
    value = constant.value
    if value is None:
        return exp.Null()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, int):
        return _signed(str(abs(value)), value < 0)
    return text(str(value))


def _signed(digits: str, negative: bool) -> exp.Expr:
    return minus(number(digits)) if negative else number(digits)


CONSTANTS: dict[str, Callable[[Constant], exp.Expr]] = {"clickhouse": clickhouse, "postgres": postgres}
