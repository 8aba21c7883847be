"""Which type operands meet in, and values brought there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from fractions import Fraction
from typing import Any

from flowforge.types import DATETIME, FLOAT64, INT64, ColumnType, decimal
from oracle.numbers import number_as_float, typed
from oracle.problems import Unspecified
from oracle.relation import Poison, computed_with

MAX_SCALE = 12
MOST_SCALED = 5 * 10**76


def wide(*types: ColumnType) -> int:
    """38 digits, or 76 if an operand has more than 38."""
    return 76 if max(each.precision for each in types) > 38 else 38


def sum_type(left: ColumnType, right: ColumnType) -> ColumnType:
    """Of + − %."""
    if FLOAT64 in (left, right):
        return FLOAT64
    if left == right == INT64:
        return INT64
    return decimal(wide(left, right), max(left.scale, right.scale))


def product_type(left: ColumnType, right: ColumnType) -> ColumnType:
    """Of ×."""
    if FLOAT64 in (left, right):
        return FLOAT64
    if left == right == INT64:
        return INT64
    return decimal(wide(left, right), min(left.scale + right.scale, MAX_SCALE))


def quotient_type(left: ColumnType, right: ColumnType) -> ColumnType:
    """Of ÷."""
    return FLOAT64 if FLOAT64 in (left, right) else decimal(wide(left, right), MAX_SCALE)


def quotient(a: Fraction, b: Fraction, left: ColumnType, right: ColumnType) -> Fraction:
    """a ÷ b, which is not zero. A store may refuse a dividend that leaves 76 digits when it is scaled for division."""
    if abs(a) * 10 ** (max(MAX_SCALE + 1, left.scale, right.scale) + right.scale) >= MOST_SCALED:
        raise Unspecified(f"{a} ÷ {b} in 76 digits")
    return a / b


def common_type(types: Sequence[ColumnType | None]) -> ColumnType | None:
    """What holds values of all of these; None if all are untyped NULLs."""
    result: ColumnType | None = None
    for each in types:
        if each is None or each == result:
            continue
        if result is None:
            result = each
        elif result.numeric and each.numeric:
            result = sum_type(result, each)
        else:
            assert result.temporal, f"{result} and {each} clash"
            assert each.temporal, f"{result} and {each} clash"
            result = DATETIME
    return result


def promoted(value: Any, type_: ColumnType) -> Any:
    """A value as a type that holds it; a ``Poison`` where aligning scales leaves the type's digits."""
    if isinstance(value, Poison):  # what is wider than its own type may fit another
        return value if type_.kind == "decimal" and type_.precision <= 38 else computed_with(value)
    if value is None:
        return value
    if type_.kind == "float64":
        return number_as_float(value)
    if type_.kind == "decimal":
        return typed(Fraction(value), type_)
    if type_.kind == "datetime" and not isinstance(value, datetime):
        assert isinstance(value, date)
        return datetime.combine(value, time(), UTC)
    return value


def comparable(values: Sequence[Any], types: Sequence[ColumnType | None]) -> list[Any]:
    """Values brought to where they compare exactly: to float64 if one is, to datetime if one is."""
    kinds = {each.kind for each in types if each is not None}
    convert: Callable[[Any], Any] = lambda value: value  # noqa: E731 - three alternatives of one line
    if "float64" in kinds:
        convert = number_as_float
    elif "datetime" in kinds:
        convert = lambda value: promoted(value, DATETIME)  # noqa: E731
    return [value if value is None or isinstance(value, Poison) else convert(value) for value in values]
