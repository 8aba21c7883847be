"""Exact numbers on PostgreSQL and Materialize, with the same types, rounding and overflow as ClickHouse.

``numeric`` is exact and wide, and a cast to ``DECIMAL(p, s)`` rounds half away from zero and checks
the range. Only its division must be steered: it chooses a scale of its own, so the quotient is taken
as a truncated integer with 13 decimals (``div``) and rounded once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp

from flowforge.formula.digits import digits, whole_digits
from flowforge.formula.rules import MAX_SCALE
from flowforge.formula.sql import binary, cast, func, number
from flowforge.formula.tree import Call, Constant, Expression
from flowforge.types import ColumnType

DOUBLE = exp.DataType(this=exp.DType.DOUBLE)
NUMERIC = exp.DataType(this=exp.DType.DECIMAL)
BIGINT = exp.DataType(this=exp.DType.BIGINT)

_SHIFT = 10 ** (MAX_SCALE + 1)
_UNSHIFT = "0." + "0" * MAX_SCALE + "1"


def decimal_type(type_: ColumnType) -> exp.DataType:
    """DECIMAL(p, s)."""
    parameters = [exp.DataTypeParam(this=number(each)) for each in (type_.precision, type_.scale)]
    return exp.DataType(this=exp.DType.DECIMAL, expressions=parameters)


def to_float(argument: Expression, value: exp.Expr) -> exp.Expr:
    """The value as double precision."""
    return value if argument.type.kind == "float64" else cast(value, DOUBLE.copy())


def to_decimal(value: exp.Expr, type_: ColumnType) -> exp.Expr:
    """The value rounded half away from zero to the type's scale; out of range is an error."""
    return cast(value, decimal_type(type_))


def coerced(argument: Expression, value: exp.Expr, type_: ColumnType) -> exp.Expr:
    """The value as ``type_``, to which it can be promoted (rules: common)."""
    if argument.type == type_ or (isinstance(argument, Constant) and argument.value is None):
        return value
    if type_.kind == "float64":
        return to_float(argument, value)
    if type_.kind == "decimal":
        return to_decimal(value, type_)
    if type_.kind == "datetime":
        return func(
            "TIMEZONE", exp.Literal.string("UTC"), cast(value, exp.DataType(this=exp.DType.TIMESTAMP))
        )
    return value


def add(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """A sum or a difference; bigint overflow is the engine's own error."""
    (left, right), (a, b) = call.arguments, arguments
    kind = exp.Add if call.function == "+" else exp.Sub
    if call.type.kind == "float64":
        return binary(kind, to_float(left, a), to_float(right, b))
    result = binary(kind, _numeric(call, left, a), b)
    needed = max(whole_digits(left), whole_digits(right)) + call.type.scale + 1
    return (
        to_decimal(result, call.type)
        if call.type.kind == "decimal" and needed > call.type.precision
        else result
    )


def multiply(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """A product, rounded to the scale of the call's type."""
    (left, right), (a, b) = call.arguments, arguments
    if call.type.kind == "float64":
        return binary(exp.Mul, to_float(left, a), to_float(right, b))
    result = binary(exp.Mul, _numeric(call, left, a), b)
    exact = left.type.scale + right.type.scale
    fits = exact <= call.type.scale and digits(left) + digits(right) <= call.type.precision
    return result if call.type.kind == "int64" or fits else to_decimal(result, call.type)


def divide(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """A quotient rounded to scale 12; NULL where the divisor is zero."""
    (left, right), (a, b) = call.arguments, arguments
    if call.type.kind == "float64":
        return binary(exp.Div, to_float(left, a), nonzero(right, to_float(right, b)))
    shifted = binary(exp.Mul, _numeric(call, left, a), number(_SHIFT))
    quotient = func("DIV", shifted, nonzero(right, b))
    return to_decimal(binary(exp.Mul, quotient, number(_UNSHIFT)), call.type)


def _numeric(call: Call, operand: Expression, value: exp.Expr) -> exp.Expr:
    """The first of two bigints that are computed with as decimals, out of bigint arithmetic; the first of
    two bare constants, out of 32 bits.
    """
    integers = all(each.type.kind == "int64" for each in call.arguments)
    if call.type.kind == "int64" and all(is_narrow(each) for each in call.arguments):
        return cast(value, BIGINT.copy())
    quotient = call.function == "/" and operand.type.kind == "int64"  # it is multiplied by an integer first
    return cast(value, NUMERIC.copy()) if call.type.kind == "decimal" and (integers or quotient) else value


_CHOICES: Mapping[str, Callable[[Sequence[Expression]], Sequence[Expression]]] = {
    "IF": lambda arguments: arguments[1:],
    "CASE": lambda arguments: [*arguments[1::2], arguments[-1]],
    "NULLIF": lambda arguments: arguments[:1],
    **{
        name: lambda arguments: arguments
        for name in (
            "COALESCE",
            "GREATEST",
            "LEAST",
            "%",
            "negate",
            "ROUND",
            "CEIL",
            "FLOOR",
            "min",
            "max",
        )
    },
}
"""The arguments that a function's value is no larger than."""


def is_narrow(expression: Expression) -> bool:
    """Whether PostgreSQL takes this int64 for a 32-bit integer: it does so with a small constant."""
    if isinstance(expression, Constant):
        return isinstance(expression.value, int) and abs(expression.value) <= 2**31  # -2147483648 is one
    if not isinstance(expression, Call) or expression.function not in _CHOICES:
        return False
    return all(is_narrow(each) for each in _CHOICES[expression.function](expression.arguments))


def modulo(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """The remainder, with the sign of the dividend; NULL where the divisor is zero."""
    (left, right), (a, b) = call.arguments, arguments
    if call.type.kind == "float64":
        a, b = to_float(left, a), nonzero(right, to_float(right, b))
        whole = func("TRUNC", binary(exp.Div, a.copy(), b.copy()))
        return binary(exp.Sub, a, binary(exp.Mul, b, whole))
    return func("MOD", a, nonzero(right, b))


def comparable(operands: Sequence[Expression], values: Sequence[exp.Expr]) -> list[exp.Expr]:
    """PostgreSQL compares bigint, numeric and double precision with each other; floats win."""
    kinds = {operand.type.kind for operand in operands}
    if "float64" in kinds and len(kinds) > 1:
        return [to_float(operand, value) for operand, value in zip(operands, values, strict=True)]
    return list(values)


def nonzero(divisor: Expression, value: exp.Expr) -> exp.Expr:
    """The divisor, NULL where it is zero."""
    if isinstance(divisor, Constant) and divisor.value:
        return value
    return func("NULLIF", value, number(0))


_TYPES = {
    "string": exp.DType.TEXT,
    "int64": exp.DType.BIGINT,
    "float64": exp.DType.DOUBLE,
    "boolean": exp.DType.BOOLEAN,
    "date": exp.DType.DATE,
    "datetime": exp.DType.TIMESTAMPTZ,
}


def constant_of(value: exp.Expr, type_: ColumnType) -> exp.Expr:
    """A constant with its type written out, so that it stands for itself wherever it is."""
    if type_.kind == "decimal":
        return to_decimal(value, type_)
    return cast(value, exp.DataType(this=_TYPES[type_.kind]))
