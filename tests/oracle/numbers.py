"""Exact numbers: scales, rounding half away from zero, ranges of types."""

from __future__ import annotations

import math
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from flowforge.types import ColumnType
from oracle.problems import Unspecified
from oracle.relation import Beyond, Poison

WIDE = Context(prec=400)
"""Python's own context would round every operation to 28 digits."""

INT64_LEAST, INT64_MOST = -(2**63), 2**63 - 1


def decimal_of(value: Fraction, scale: int) -> Decimal:
    """Rounded half away from zero to ``scale`` digits after the point."""
    shifted = abs(value) * 10**scale
    whole = (2 * shifted.numerator + shifted.denominator) // (2 * shifted.denominator)
    return Decimal((0 if value >= 0 else 1, tuple(int(digit) for digit in str(whole)), -scale))


def typed(value: Fraction, type_: ColumnType) -> Any:
    """The exact number as a value of the type: rounded to its scale; a ``Poison`` if it does not fit."""
    if type_.kind == "float64":
        return number_as_float(value)
    if type_.kind == "int64":
        if value.denominator != 1:
            raise AssertionError(f"{value} is no int64")
        whole = value.numerator
        return whole if INT64_LEAST <= whole <= INT64_MOST else Poison(f"{whole} is beyond int64")
    rounded = decimal_of(value, type_.scale)
    scaled = abs(Fraction(rounded)) * 10**type_.scale
    if scaled >= 10**type_.precision:
        if scaled < 2 ** (127 if type_.precision <= 38 else 255):
            return Beyond(f"{rounded} is beyond {type_}, but not beyond its bits")
        return Poison(f"{rounded} is beyond {type_}")
    return rounded


def fraction(value: int | float | Decimal | Fraction) -> Fraction:
    """The exact number; NaN and infinity are only told apart, not computed with."""
    return Fraction(finite(value))


def finite(value: Any) -> Any:
    """The value, unless it is NaN or infinity: what functions make of those is no promise (JSON has NULL)."""
    if isinstance(value, float) and not math.isfinite(value):
        raise Unspecified(f"a function of {value}")
    return value


def number_as_float(value: float | Decimal | Fraction) -> float:
    """The nearest float64; one beyond the largest has no agreed meaning (infinity here, error there)."""
    try:
        return float(value)
    except OverflowError:
        raise Unspecified("a float64 overflows") from None
