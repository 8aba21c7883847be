"""How many digits a decimal expression can really have: decides the width it is computed in.

ClickHouse computes in 64, 128 or 256 bits and does not notice when a product, a change of scale or
a sum leaves them (measured on 26.9: Decimal128 products and Decimal256 sums wrap). So every
operation runs in a width that provably holds it, and narrowing – which ClickHouse does check – follows.
"""

from __future__ import annotations

from decimal import Decimal

from flowforge.formula.tree import Call, Constant, Expression
from flowforge.types import ColumnType

INT64_DIGITS = 19


def scale(expression: Expression) -> int:
    """Digits after the point; 0 for int64."""
    return expression.type.scale


def whole_digits(expression: Expression) -> int:
    """An upper bound on the digits before the point."""
    bound = _declared(expression.type)
    if isinstance(expression, Constant) and isinstance(expression.value, int | Decimal):
        return len(str(abs(int(expression.value))))
    if isinstance(expression, Call) and expression.type.kind == "decimal":
        operands = expression.arguments
        if expression.function == "*":
            return min(bound, whole_digits(operands[0]) + whole_digits(operands[1]))
        if expression.function in ("+", "-"):
            return min(bound, max(whole_digits(operands[0]), whole_digits(operands[1])) + 1)
    return bound


def digits(expression: Expression) -> int:
    """An upper bound on all digits of the scaled integer."""
    return whole_digits(expression) + scale(expression)


def _declared(type_: ColumnType) -> int:
    return INT64_DIGITS if type_.kind == "int64" else type_.precision - type_.scale
