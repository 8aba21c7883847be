"""Float64 where engines differ: NaN, and zero with a sign.

NaN equals nothing and is neither less nor greater than anything, is one group, and sorts behind all
numbers in either direction, before NULL. 0 and -0 are one value wherever rows are told apart.
"""

from __future__ import annotations

from flowforge.formula.tree import Call, Constant, Expression, Reference, call
from flowforge.types import FLOAT64


def one_zero(value: Expression) -> Expression:
    """The value, a float64 with its zero not negative: ClickHouse hashes the bits of keys, and finds two zeros."""
    if value.type != FLOAT64:
        return value
    return call("+", (value, Constant(0.0, FLOAT64)), FLOAT64, value.nullable)


def may_be_nan(value: Expression) -> bool:
    """Whether it is a float64 that reads one: formulas never make NaN of other numbers (they give NULL or fail)."""
    if value.type != FLOAT64:
        return False
    stack, seen = [value], set[int]()
    while stack:
        node = stack.pop()
        if isinstance(node, Reference) and node.type == FLOAT64:
            return True
        if isinstance(node, Call) and id(node) not in seen:
            seen.add(id(node))
            stack.extend(node.arguments)
    return False
