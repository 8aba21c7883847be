"""Literals of formulas and values of configurations as typed constants."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot.tokenizer_core import Token

from flowforge.errors import ErrorCode
from flowforge.formula.errors import formula_error
from flowforge.formula.limits import MAX_DIGITS
from flowforge.formula.tree import Constant
from flowforge.types import DATE, DATETIME, FLOAT64, INT64, STRING, ColumnType, decimal

if TYPE_CHECKING:
    from flowforge.formula.tokens import Source

_NUMBER = re.compile(r"^(\d+)(?:\.(\d+))?(e[+-]?\d+)?$", re.IGNORECASE | re.ASCII)
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$", re.ASCII)
_DATETIME = re.compile(
    r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$", re.ASCII
)
FIRST_YEAR, LAST_YEAR = 1900, 2261
MAX_INT64 = 2**63 - 1


def number_constant(source: Source, token: Token) -> Constant:
    """1 → int64, 1.50 → decimal(3,2), 1e3 → float64; ``GraphError`` for what is none of them."""
    written = source.text[token.start : token.end + 1]
    match = _NUMBER.match(written)
    if match is None:
        raise formula_error(
            ErrorCode.FORMULA_SYNTAX,
            f"{written[:64]!r} is not a number.",
            source=source.text,
            position=token.start,
            hint="Write 1, 0.5 or 1e3.",
        )
    whole, fraction, exponent = match.groups()
    if len(whole) + len(fraction or "") > MAX_DIGITS or (exponent and len(exponent) > 5):
        raise formula_error(
            ErrorCode.FORMULA_SYNTAX,
            f"A number has at most {MAX_DIGITS} digits; this one has more."
            if len(whole) + len(fraction or "") > MAX_DIGITS
            else "The number is too large.",
            source=source.text,
            position=token.start,
            hint="Write it with fewer digits, or as a float: 1e30.",
        )
    if exponent:
        value = float(written)
        if value in (float("inf"),):
            raise formula_error(
                ErrorCode.FORMULA_SYNTAX,
                f"{written!r} is too large for a float64.",
                source=source.text,
                position=token.start,
            )
        return Constant(value, FLOAT64)
    if fraction is None:
        return integer(int(whole))
    return exact(Decimal(written))


def integer(value: int) -> Constant:
    """An int64, or a decimal without fraction where int64 ends."""
    if -MAX_INT64 - 1 <= value <= MAX_INT64:
        return Constant(value, INT64)
    return Constant(Decimal(value), decimal(len(str(abs(value))), 0))


def exact(value: Decimal) -> Constant:
    """A decimal of exactly the digits it is written with: 1.50 is decimal(3,2), 0.05 decimal(3,2)."""
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    scale = max(0, -exponent)
    whole = max(1, len(digits) + exponent)
    return Constant(value, decimal(whole + scale, scale))


def text_constant(written: str) -> Constant:
    """The text between its quotes; the same quote doubled stands for itself."""
    quote = written[0]
    return Constant(written[1:-1].replace(quote * 2, quote), STRING)


def moment(text: str, type_: ColumnType) -> Constant | None:
    """A text as a date (YYYY-MM-DD) or a datetime (ISO 8601, UTC unless it says otherwise), or None."""
    try:
        if type_ == DATE:
            day = date.fromisoformat(text) if _DATE.match(text) else None
            return Constant(day, DATE) if day and FIRST_YEAR <= day.year <= LAST_YEAR else None
        if not _DATETIME.match(text):
            return None
        instant = datetime.fromisoformat(text)
        instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Constant(instant, DATETIME) if FIRST_YEAR <= instant.year <= LAST_YEAR else None
