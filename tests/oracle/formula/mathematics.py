"""ROUND ABS CEIL FLOOR SIGN, and POWER SQRT LN EXP LOG10, which are NULL outside their domain."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Any

from flowforge.types import FLOAT64, INT64, ColumnType, decimal
from oracle.formula.apply import strict, type_of
from oracle.formula.promotion import wide
from oracle.formula.term import Term
from oracle.numbers import WIDE, number_as_float, typed
from oracle.problems import Unspecified

LARGEST_EXPONENT, SMALLEST_EXPONENT = 709.0, -690.0
"""Natural logarithms of float64's ends, drawn in a little: beyond them engines differ by an error."""


def _round(terms: Sequence[Term]) -> Term:
    type_ = type_of(terms[0], INT64)
    digits = terms[1].literal if len(terms) > 1 else 0
    if type_.kind == "int64":
        return strict(type_, lambda value: value, terms[:1])
    if type_ == FLOAT64:
        return strict(type_, lambda value: _round_float(value, digits), terms[:1])
    rounded = decimal(wide(type_), min(type_.scale, digits))
    return strict(rounded, lambda value: typed(Fraction(value), rounded), terms[:1])


def _round_float(value: float, digits: int) -> float:
    scaled = abs(Fraction(value)) * 10**digits
    rest = scaled % 1
    if rest != Fraction(1, 2) and abs(rest - Fraction(1, 2)) < Fraction(1, 10**6):
        raise Unspecified("a float64 a hair beside the middle")
    whole = math.floor(scaled + Fraction(1, 2))
    return math.copysign(float(Fraction(whole, 10**digits)), value)


def _whole(rounding: str, floats: Callable[[float], int]) -> Callable[[Sequence[Term]], Term]:
    def build(terms: Sequence[Term]) -> Term:
        type_ = type_of(terms[0], INT64)
        if type_.kind == "int64":
            return strict(type_, lambda value: value, terms)
        if type_ == FLOAT64:
            return strict(type_, lambda value: float(floats(value)), terms)
        result = decimal(wide(type_), 0)

        def compute(value: Decimal) -> Any:
            return typed(Fraction(value.to_integral_value(rounding, WIDE)), result)

        return strict(result, compute, terms)

    return build


def _abs(terms: Sequence[Term]) -> Term:
    type_: ColumnType = type_of(terms[0], INT64)
    return strict(
        type_, lambda value: abs(value) if type_ == FLOAT64 else typed(abs(Fraction(value)), type_), terms
    )


def _float(function: Callable[..., float | None]) -> Callable[[Sequence[Term]], Term]:
    return lambda terms: strict(FLOAT64, lambda *values: function(*map(number_as_float, values)), terms)


def _exponential(x: float) -> float | None:
    if LARGEST_EXPONENT < x < 710 or -746 < x < SMALLEST_EXPONENT:
        raise Unspecified("at the end of float64")
    return None if x > LARGEST_EXPONENT else 0.0 if x < SMALLEST_EXPONENT else math.exp(x)


def _power(a: float, b: float) -> float | None:
    if (a == 0 and b < 0) or (a < 0 and b != math.floor(b)):
        return None
    if a == 0 or b == 0:
        return 0.0 if b else 1.0
    size = b * math.log(abs(a))
    if LARGEST_EXPONENT < size < 710 or -746 < size < SMALLEST_EXPONENT:
        raise Unspecified("at the end of float64")
    return None if size > LARGEST_EXPONENT else 0.0 if size < SMALLEST_EXPONENT else float(a**b)


FUNCTIONS: Mapping[str, Callable[[Sequence[Term]], Term]] = {
    "ROUND": _round,
    "ABS": _abs,
    "CEIL": _whole(ROUND_CEILING, math.ceil),
    "FLOOR": _whole(ROUND_FLOOR, math.floor),
    "SIGN": lambda terms: strict(INT64, lambda value: (value > 0) - (value < 0), terms),
    "POWER": _float(_power),
    "SQRT": _float(lambda x: math.sqrt(x) if x >= 0 else None),
    "LN": _float(lambda x: math.log(x) if x > 0 else None),
    "LOG10": _float(lambda x: math.log10(x) if x > 0 else None),
    "EXP": _float(_exponential),
}
