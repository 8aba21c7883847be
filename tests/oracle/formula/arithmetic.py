"""``+ - * / %`` and the unary minus: exact, then rounded once to the scale of the result's type."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from flowforge.types import FLOAT64, INT64, ColumnType
from oracle.formula.apply import strict, type_of
from oracle.formula.promotion import product_type, quotient, quotient_type, sum_type
from oracle.formula.term import Term
from oracle.numbers import number_as_float, typed
from oracle.problems import Unspecified

Types = Callable[[ColumnType, ColumnType], ColumnType]


def _binary(types: Types, exact: Callable[..., Fraction | None],
            approximate: Callable[[float, float], float | None]) -> Callable[[Sequence[Term]], Term]:  # fmt: skip
    def build(arguments: Sequence[Term]) -> Term:
        operands = [type_of(each, INT64) for each in arguments]
        type_ = types(*operands)

        def compute(a: Any, b: Any) -> Any:
            if type_ == FLOAT64:
                result = approximate(number_as_float(a), number_as_float(b))
                if result is not None and not math.isfinite(result):
                    raise Unspecified("a float64 overflows")
                return result
            value = exact(Fraction(a), Fraction(b), *operands)
            return None if value is None else typed(value, type_)

        return strict(type_, compute, arguments)

    return build


def _quotient(a: Fraction, b: Fraction, left: ColumnType, right: ColumnType) -> Fraction | None:
    return quotient(a, b, left, right) if b else None


def _remainder(a: Fraction, b: Fraction, *_: ColumnType) -> Fraction | None:
    """With the sign of the dividend, as SQL has it."""
    if not b:
        return None
    rest = abs(a) % abs(b)
    return rest if a >= 0 else -rest


def _negate(arguments: Sequence[Term]) -> Term:
    type_ = type_of(arguments[0], INT64)
    if type_ == FLOAT64:
        return strict(type_, lambda a: -a, arguments)
    result = strict(type_, lambda a: typed(-Fraction(a), type_), arguments)
    if arguments[0].literal is not None and type_.kind == "decimal":
        return Term(type_, result.evaluate, arguments[0].literal.copy_negate())
    return result


FUNCTIONS: Mapping[str, Callable[[Sequence[Term]], Term]] = {
    "+": _binary(sum_type, lambda a, b, *_: a + b, lambda a, b: a + b),
    "-": _binary(sum_type, lambda a, b, *_: a - b, lambda a, b: a - b),
    "*": _binary(product_type, lambda a, b, *_: a * b, lambda a, b: a * b),
    "/": _binary(quotient_type, _quotient, lambda a, b: a / b if b else None),
    "%": _binary(sum_type, _remainder, lambda a, b: math.fmod(a, b) if b else None),
    "negate": _negate,
}
