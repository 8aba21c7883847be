"""TO_NUMBER, TO_TEXT, TO_DATE: what cannot be converted is NULL."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flowforge.types import DATE, INT64, STRING, decimal
from oracle.formula.apply import strict, type_of
from oracle.formula.term import Term
from oracle.numbers import typed
from oracle.problems import Unspecified

NUMBER = re.compile(r" *[+-]?[0-9]{1,26}(\.[0-9]{1,38})? *")
DAY = re.compile(r"(19[0-9]{2}|2[0-2][0-9]{2})-[0-9]{2}-[0-9]{2}")
NUMBER_TYPE = decimal(38, 12)


def _to_number(terms: Sequence[Term]) -> Term:
    kind = type_of(terms[0], STRING).kind
    if kind == "string":
        return strict(NUMBER_TYPE, _read_number, terms)
    if kind == "boolean":
        return strict(INT64, int, terms)
    return terms[0]


def _read_number(text: str) -> Any:
    return typed(Fraction(text.strip(" ")), NUMBER_TYPE) if NUMBER.fullmatch(text) else None


def _to_text(terms: Sequence[Term]) -> Term:
    return strict(STRING, written, terms)


def written(value: Any) -> str:
    """A value as text: no trailing zeros, no exponent, datetimes to the second in UTC."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        raise Unspecified("how a float64 is written is left to the engine")
    if isinstance(value, Decimal):
        text = f"{value:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text == "-0" else text
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat() if isinstance(value, date) else str(value)


def _to_date(terms: Sequence[Term]) -> Term:
    return strict(DATE, _read_date, terms)


def _read_date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if DAY.fullmatch(value) else None
    except ValueError:
        return None


FUNCTIONS: Mapping[str, Callable[[Sequence[Term]], Term]] = {
    "TO_NUMBER": _to_number,
    "TO_TEXT": _to_text,
    "TO_DATE": _to_date,
}
