"""Which expressions can fail on a value: exact arithmetic whose result may leave its type."""

from __future__ import annotations

from flowforge.formula.tree import Call, Expression

_EXACT = frozenset({"int64", "decimal"})
_OVERFLOWING = frozenset({"+", "-", "*", "/", "negate", "ABS", "ROUND", "sum", "promote"})


def can_overflow(expression: Expression) -> bool:
    """Whether a value of the expression can leave its type, which is an error."""
    stack, seen = [expression], set[int]()
    while stack:
        node = stack.pop()
        if not isinstance(node, Call) or id(node) in seen:
            continue
        if node.function in _OVERFLOWING and node.type.kind in _EXACT:
            return True
        seen.add(id(node))
        stack.extend(node.arguments)
    return False
