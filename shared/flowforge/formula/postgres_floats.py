"""NaN on PostgreSQL, which holds it for equal to itself and greater than all: here it is as ``floats`` says.

Nothing is added where no operand can be NaN. A comparison with NULL stays NULL.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from flowforge.formula.floats import may_be_nan
from flowforge.formula.sql import between as written_between
from flowforge.formula.sql import binary, cast, conjunction, func, is_null, negation, text
from flowforge.formula.tree import Expression

Operand = tuple[Expression, exp.Expr]
"""An operand, and how it is written."""

_UPPER = {exp.GT: 0, exp.GTE: 0, exp.LT: 1, exp.LTE: 1, exp.EQ: 0}
"""Which operand makes the comparison hold when it alone, or both, are NaN."""


def compared(kind: type[exp.Binary], a: Operand, b: Operand) -> exp.Expr:
    """``a kind b``."""
    test = binary(kind, a[1], b[1])
    if kind is exp.NEQ:
        if not (may_be_nan(a[0]) and may_be_nan(b[0])):
            return test
        odd = [_is_nan(a[1]), *_present(b)]
        return conjunction([test, conjunction(odd)], exp.Or)
    upper, lower = (a, b) if _UPPER[kind] == 0 else (b, a)
    if not may_be_nan(upper[0]) or (kind is exp.EQ and not may_be_nan(lower[0])):
        return test
    number = _is_number(upper[1])
    if lower[0].nullable:
        number = conjunction([number, is_null(lower[1].copy())], exp.Or)
    return conjunction([test, number])


def between(operands: Sequence[Expression], value: exp.Expr, low: exp.Expr, high: exp.Expr) -> exp.Expr:
    """``value BETWEEN low AND high``; every number is less than NaN, which no bound may be."""
    if not may_be_nan(operands[2]):
        return written_between(value, low, high)
    tests = [
        compared(exp.GTE, (operands[0], value), (operands[1], low)),
        compared(exp.LTE, (operands[0], value.copy()), (operands[2], high)),
    ]
    return conjunction(tests)


def among(subject: Operand, values: Sequence[Operand]) -> exp.Expr | None:
    """``subject IN (values)``; None where IN itself says so."""
    if not may_be_nan(subject[0]) or not any(may_be_nan(each) for each, _ in values):
        return None
    tests = [
        compared(exp.EQ, (subject[0], subject[1].copy()), (each, written.copy())) for each, written in values
    ]
    return conjunction(tests, exp.Or)


def behind_numbers(value: exp.Expr) -> exp.Ordered:
    """The first of two sort terms: NaN behind all numbers; NULL stays behind NaN."""
    return exp.Ordered(this=_is_nan(value), nulls_first=False)


def largest(x: Expression, value: exp.Expr) -> exp.Expr:
    """MAX, in which NaN only counts where there is nothing else."""
    if not may_be_nan(x):
        return func("MAX", value)
    return func("COALESCE", func("MAX", func("NULLIF", value, _nan())), func("MAX", value.copy()))


def ranked(x: Expression, value: exp.Expr) -> exp.Expr:
    """What a median looks at: NaN has no place among numbers."""
    return func("NULLIF", value, _nan()) if may_be_nan(x) else value


def _nan() -> exp.Expr:
    return cast(text("NaN"), exp.DataType(this=exp.DType.DOUBLE))


def _is_nan(value: exp.Expr) -> exp.Expr:
    return binary(exp.EQ, value.copy(), _nan())


def _is_number(value: exp.Expr) -> exp.Expr:
    return binary(exp.NEQ, value.copy(), _nan())


def _present(operand: Operand) -> list[exp.Expr]:
    return [negation(is_null(operand[1].copy()))] if operand[0].nullable else []
