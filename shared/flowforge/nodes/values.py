"""Values of configurations as typed constants that fit the column they are compared with.

string      text                          boolean   true or false
int64       whole number; fractions and numeric text compare exactly too
decimal     number or numeric text (text keeps digits that a JSON number would lose)
float64     number or numeric text
date        "2024-01-31" (or a datetime)
datetime    "2024-01-31T15:30:00Z"; without an offset it is UTC
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from flowforge.errors import ErrorCode, GraphError
from flowforge.formula.literals import exact, integer, moment
from flowforge.formula.tree import Constant
from flowforge.types import BOOLEAN, DATETIME, FLOAT64, STRING, Column

Value = str | int | float | bool

MAX_TEXT = 10_000
MAX_DIGITS = 76
_NUMERIC = re.compile(r"^-?\d{1,38}(\.\d{1,38})?$", re.ASCII)

_EXPECTED = {
    "string": "a text",
    "boolean": "true or false",
    "date": 'a date like "2024-01-31"',
    "datetime": 'a time like "2024-01-31T15:30:00Z"',
}


def constant(column: Column, value: object, field: str) -> Constant:
    """The value as a constant comparable with the column; ``TYPE_MISMATCH`` names both and the fix."""
    found = _read(column, value)
    if found is None:
        expected = _EXPECTED.get(column.type.kind, "a number")
        raise GraphError(
            ErrorCode.TYPE_MISMATCH,
            f"{column.name!r} is {column.type}; {_shown(value)} cannot be compared with it.",
            field=field,
            column=column.name,
            hint=f"Give {expected}.",
        )
    return found


def _read(column: Column, value: object) -> Constant | None:
    kind = column.type.kind
    if kind == "boolean":
        return Constant(value, BOOLEAN) if isinstance(value, bool) else None
    if kind == "string":
        return Constant(value, STRING) if isinstance(value, str) and len(value) <= MAX_TEXT else None
    if column.type.temporal:
        if not isinstance(value, str):
            return None
        return moment(value, column.type) or moment(value, DATETIME)
    return _number(value, kind == "float64")


def _number(value: object, floating: bool) -> Constant | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        if not _NUMERIC.match(value):
            return None
        number = Decimal(value)
    elif isinstance(value, int):
        number = Decimal(value)
    elif isinstance(value, float) and value - value == 0:
        number = Decimal(repr(value))
    else:
        return None
    if floating:
        return Constant(float(number), FLOAT64)
    if number == number.to_integral_value() and abs(number) < 10**18:
        return integer(int(number))
    found = exact(number)
    return found if found.type.precision <= MAX_DIGITS else None


def written(value: Constant) -> str:
    """A value as TO_TEXT writes it: no trailing zeros, no exponent, datetimes to the second in UTC."""
    given = value.value
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, datetime):
        return given.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(given, date):
        return given.isoformat()
    if isinstance(given, float):
        given = Decimal(repr(given))
    if not isinstance(given, Decimal):
        return str(given)
    text = f"{given:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 64 else f"{text[:61]}…"
