"""Return-type rules of operators and functions: the table that both languages follow.

    P          38 digits, or 76 if an operand has more than 38; int64 counts as a decimal of scale 0
    add        int64 ± int64 → int64; any float64 → float64; else decimal(P, max(s1, s2))
    multiply   int64 × int64 → int64; any float64 → float64; else decimal(P, min(s1 + s2, 12))
    divide     any float64 → float64; else decimal(P, 12) – integer division is not integer
    common     equal types stay; decimals and int64 → decimal(P, max(s)); any float64 → float64;
               date with datetime → datetime; anything else clashes
    first      the type of the first argument
    branches   common of all arguments but the first (IF); CASE likewise over its results
    round      decimal → decimal(P, min(s, digits)); int64 and float64 stay
    whole      decimal → decimal(P, 0); int64 and float64 stay
    number     string → decimal(38,12); boolean → int64; numbers stay
    shift      date with a unit below day → datetime; else the type of the last argument

and whether the result can be NULL:

    any        if any argument can be
    all        if every argument can be
    always     division by zero, text that is no number, a logarithm of zero …
    never

Rounding is half away from zero. Division by zero is NULL. Overflow of int64 or of P digits is an
error, never a wrong number. A NULL literal takes the type of its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from flowforge.types import BOOLEAN, DATE, DATETIME, FLOAT64, INT64, STRING, ColumnType, decimal

Rule = Literal[
    "add", "multiply", "divide", "common", "first", "branches", "round", "whole", "number", "shift",
    "string", "int64", "float64", "boolean", "date", "datetime",
]  # fmt: skip
Nullability = Literal["any", "all", "always", "never"]

MAX_SCALE = 12
"""Digits after the point of products and quotients (SEMANTICS: Numbers)."""

FIXED: dict[str, ColumnType] = {
    "string": STRING,
    "int64": INT64,
    "float64": FLOAT64,
    "boolean": BOOLEAN,
    "date": DATE,
    "datetime": DATETIME,
}


def precision(*types: ColumnType) -> int:
    """P of the table above."""
    return 76 if any(each.precision > 38 for each in types) else 38


def add(left: ColumnType, right: ColumnType) -> ColumnType:
    """Type of a sum, a difference or a remainder."""
    if "float64" in (left.kind, right.kind):
        return FLOAT64
    if left.kind == right.kind == "int64":
        return INT64
    return decimal(precision(left, right), max(left.scale, right.scale))


def multiply(left: ColumnType, right: ColumnType) -> ColumnType:
    """Type of a product."""
    if "float64" in (left.kind, right.kind):
        return FLOAT64
    if left.kind == right.kind == "int64":
        return INT64
    return decimal(precision(left, right), min(left.scale + right.scale, MAX_SCALE))


def divide(left: ColumnType, right: ColumnType) -> ColumnType:
    """Type of a quotient."""
    if "float64" in (left.kind, right.kind):
        return FLOAT64
    return decimal(precision(left, right), MAX_SCALE)


def common(types: Sequence[ColumnType]) -> ColumnType | None:
    """The type that holds values of all of these, or None if they clash."""
    result = types[0]
    for other in types[1:]:
        if other == result:
            continue
        if result.numeric and other.numeric:
            result = add(result, other)
        elif result.temporal and other.temporal:
            result = DATETIME
        else:
            return None
    return result


def rounded(value: ColumnType, digits: int) -> ColumnType:
    """Type of a value rounded to that many digits after the point."""
    if value.kind != "decimal":
        return value
    return decimal(precision(value), min(value.scale, digits))
