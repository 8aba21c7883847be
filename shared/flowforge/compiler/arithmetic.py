"""Which nodes work out numbers that can leave their type, so that an overflow can name its node."""

from __future__ import annotations

from collections.abc import Mapping

from flowforge.formula.tree import Call, Expression
from flowforge.graph import Node
from flowforge.relation import Relation

_EXACT = frozenset({"int64", "decimal"})
_OVERFLOWING = frozenset({"+", "-", "*", "/", "negate", "ABS", "ROUND", "sum"})


def arithmetic_nodes(steps: Mapping[str, tuple[Node, Relation | None, Relation]]) -> tuple[str, ...]:
    """Ids of the nodes that made a column by exact arithmetic, in topological order."""
    return tuple(
        node_id
        for node_id, (_, _, after) in steps.items()
        if any(field.node == node_id and _can_overflow(field.expression) for field in after.fields)
    )


def _can_overflow(expression: Expression) -> bool:
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
