"""Exact numbers on ClickHouse: no operation in a width that could wrap, rounding half away from zero.

Invariant: a decimal expression of type ``decimal(p,s)`` is written so that ClickHouse gives it scale
``s`` and the width class of ``p`` (18 → 64, 38 → 128, 76 → 256 bits).

Facts these functions rest on, all measured on ClickHouse 26.9:
products and changes of scale wrap silently in 128 and 256 bits; sums and differences of 128 bits are
checked, of 256 bits not; narrowing is checked; int64 arithmetic wraps; a division keeps the
dividend's scale and truncates; ``round`` of decimals is half away from zero, of floats half to even.

What is checked are bits, not digits: 128 of them hold a 39th digit up to 1.7e38. Such a number is computed
on with, rightly, and refused where it would be shown (``stores.digits``, ``residual.arrow_columns``).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlglot import exp

from flowforge.formula.digits import digits, scale, whole_digits
from flowforge.formula.rules import MAX_SCALE
from flowforge.formula.sql import binary, func, negation, number, text
from flowforge.formula.tree import Call, Constant, Expression
from flowforge.types import ColumnType

NARROW, WIDE, WIDEST = 18, 38, 76
"""Digits that Decimal64, Decimal128 and Decimal256 hold."""


def to_decimal(value: exp.Expr, precision: int, scale_: int) -> exp.Expr:
    """A conversion to the width class of ``precision``; keeps NULL."""
    bits = 64 if precision <= NARROW else 128 if precision <= WIDE else 256
    return func(f"toDecimal{bits}", value, number(scale_))


def to_float(argument: Expression, value: exp.Expr) -> exp.Expr:
    """The value as float64."""
    if argument.type.kind == "float64":
        return value
    if isinstance(argument, Constant) and isinstance(argument.value, int | Decimal) and argument.value >= 0:
        return number(repr(float(argument.value)))
    return func("toFloat64", value)


def coerced(argument: Expression, value: exp.Expr, type_: ColumnType) -> exp.Expr:
    """The value as ``type_``, to which it can be promoted (rules: common)."""
    if isinstance(argument, Constant) and argument.value is None:
        return value
    if type_.kind == "int64" and not isinstance(argument, Constant):
        return func("toInt64", value)  # unsigned columns and counts have no common type with signed values
    if argument.type == type_:
        return value
    if type_.kind == "float64":
        return to_float(argument, value)
    if type_.kind == "decimal":
        return _rescaled(argument, value, type_)
    if type_.kind == "datetime":
        return func("toDateTime64", value, number(9), text("UTC"))
    return value


def _rescaled(argument: Expression, value: exp.Expr, type_: ColumnType) -> exp.Expr:
    needed = whole_digits(argument) + type_.scale
    if needed > WIDE >= type_.precision:
        value = to_decimal(value, WIDEST, type_.scale)
    return to_decimal(value, type_.precision, type_.scale)


def add(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """A sum or a difference."""
    kind = exp.Add if call.function == "+" else exp.Sub
    (left, right), (a, b) = call.arguments, arguments
    if call.type.kind == "float64":
        return binary(kind, to_float(left, a), to_float(right, b))
    if call.type.kind == "int64":
        return func("toInt64", binary(kind, to_decimal(a, WIDE, 0), b))
    target = call.type.scale
    needed = max(whole_digits(left), whole_digits(right)) + target
    if call.type.precision <= WIDE and needed <= WIDE:
        return binary(kind, _at_least(left, a, WIDE), b)
    result = binary(kind, to_decimal(a, WIDEST, target), b)
    if call.type.precision <= WIDE:
        return to_decimal(result, WIDE, target)
    if needed < WIDEST:
        return result
    return within(result, binary(exp.Add, _magnitude(left, a), _magnitude(right, b)), target)


def multiply(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """A product, rounded to the scale of the call's type."""
    (left, right), (a, b) = call.arguments, arguments
    if call.type.kind == "float64":
        return binary(exp.Mul, to_float(left, a), to_float(right, b))
    if call.type.kind == "int64":
        return func("toInt64", binary(exp.Mul, to_decimal(a, WIDE, 0), b))
    needed, exact = digits(left) + digits(right), scale(left) + scale(right)
    if call.type.precision <= WIDE and needed <= WIDE:
        product = binary(exp.Mul, _at_least(left, a, WIDE), b)
    else:
        product = binary(exp.Mul, to_decimal(a, WIDEST, scale(left)), b)
        if needed > WIDEST:
            product = within(product, binary(exp.Mul, _magnitude(left, a), _magnitude(right, b)), exact)
    if exact > call.type.scale:
        product = func("round", product, number(call.type.scale))
    elif call.type.precision > WIDE or needed <= WIDE:
        return product
    return to_decimal(product, call.type.precision, call.type.scale)


def divide(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """A quotient rounded to scale 12; NULL where the divisor is zero.

    One digit more than asked is enough: truncated after 13 digits, the 13th still decides the
    rounding of the 12th, half away from zero. ClickHouse refuses a dividend of less scale than the divisor.
    """
    (left, right), (a, b) = call.arguments, arguments
    if call.type.kind == "float64":
        return binary(exp.Div, to_float(left, a), nonzero(right, to_float(right, b)))
    working = max(MAX_SCALE + 1, scale(left), scale(right))
    needed = whole_digits(left) + working + scale(right)
    wide = WIDE if needed <= WIDE and call.type.precision <= WIDE else WIDEST
    quotient = binary(exp.Div, _widened(left, a, wide, working), nonzero(right, b))
    if needed > WIDEST:
        estimate = binary(exp.Mul, _magnitude(left, a), number(f"1e{working + scale(right)}"))
        quotient = within(quotient, estimate, 0)
    return to_decimal(func("round", quotient, number(MAX_SCALE)), call.type.precision, MAX_SCALE)


def modulo(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """The remainder, with the sign of the dividend; NULL where the divisor is zero."""
    (left, right), (a, b) = call.arguments, arguments
    if call.type.kind == "float64":
        return binary(exp.Mod, to_float(left, a), nonzero(right, to_float(right, b)))
    if call.type.kind == "int64":
        return func("toInt64", binary(exp.Mod, a, nonzero(right, b)))
    target = call.type.scale
    needed = max(whole_digits(left), whole_digits(right)) + target
    wide = WIDE if needed <= WIDE else WIDEST
    remainder = binary(
        exp.Mod, _widened(left, a, wide, target), nonzero(right, _widened(right, b, wide, target))
    )
    return to_decimal(remainder, call.type.precision, target)


def comparable(operands: Sequence[Expression], values: Sequence[exp.Expr]) -> list[exp.Expr]:
    """The values so that ClickHouse compares them exactly (aligning scales can wrap otherwise)."""
    kinds = {operand.type.kind for operand in operands}
    if "float64" in kinds and len(kinds) > 1:
        return [to_float(operand, value) for operand, value in zip(operands, values, strict=True)]
    if "decimal" not in kinds:
        return list(values)
    target = max(scale(operand) for operand in operands)
    needed = max([whole_digits(each) + target for each in operands if scale(each) < target], default=0)
    if needed <= NARROW:
        return list(values)
    wide = WIDE if needed <= WIDE else WIDEST
    return [
        to_decimal(value, wide, scale(operand)) if index == 0 or operand.type.kind == "int64" else value
        for index, (operand, value) in enumerate(zip(operands, values, strict=True))
    ]


def nonzero(divisor: Expression, value: exp.Expr) -> exp.Expr:
    """The divisor, NULL where it is zero."""
    if isinstance(divisor, Constant) and divisor.value:
        return value
    return func("nullIf", value, number(0))


def _at_least(argument: Expression, value: exp.Expr, precision: int) -> exp.Expr:
    if argument.type.kind == "decimal" and argument.type.precision > NARROW:
        return value
    return to_decimal(value, precision, scale(argument))


def _widened(argument: Expression, value: exp.Expr, precision: int, target: int) -> exp.Expr:
    return to_decimal(value, precision, target)


def _magnitude(argument: Expression, value: exp.Expr) -> exp.Expr:
    return func("abs", to_float(argument, value.copy()))


def within(value: exp.Expr, estimate: exp.Expr, scale_: int) -> exp.Expr:
    """The value, or an error where its scaled integer could leave Decimal256."""
    fits = binary(exp.LT, estimate, number(f"5e{WIDEST - scale_}"))
    return func("if", binary(exp.EQ, func("throwIf", negation(fits)), number(0)), value, exp.Null())


def within_128(value: exp.Expr, magnitude: exp.Expr, scale_: int) -> exp.Expr:
    """The value, or an error where its scaled integer could leave Decimal128; ``throwIf`` is 0 if not.

    The bound lies further below 2^127 ≈ 1.7e38 than a sum of positive float64 errs.
    """
    leaves = binary(exp.GTE, magnitude, number(f"1.5e{WIDE - scale_}"))
    return binary(exp.Add, value, func("throwIf", leaves))
