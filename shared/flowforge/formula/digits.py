"""How many digits a decimal expression can really have: decides the width it is computed in.

ClickHouse computes in 64, 128 or 256 bits and does not notice when a product, a change of scale or
a sum leaves them (measured on 26.9: Decimal128 products and Decimal256 sums wrap). So every
operation runs in a width that provably holds it, and narrowing – which ClickHouse does check – follows.
"""

from __future__ import annotations

from flowforge.formula.tree import Expression, whole_digits

__all__ = ["digits", "scale", "whole_digits"]


def scale(expression: Expression) -> int:
    """Digits after the point; 0 for int64."""
    return expression.type.scale


def digits(expression: Expression) -> int:
    """An upper bound on all digits of the scaled integer."""
    return whole_digits(expression) + scale(expression)
