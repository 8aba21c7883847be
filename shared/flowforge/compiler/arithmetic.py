"""Which nodes work out numbers that can leave their type, so that an overflow can name its node."""

from __future__ import annotations

from collections.abc import Mapping

from flowforge.formula.overflow import can_overflow
from flowforge.graph import Node
from flowforge.relation import Relation


def arithmetic_nodes(steps: Mapping[str, tuple[Node, Relation | None, Relation]]) -> tuple[str, ...]:
    """Ids of the nodes that made a column by exact arithmetic, in topological order."""
    found: list[str] = []
    for node_id, (_, before, after) in steps.items():
        if before is not None and after.fields is before.fields:
            continue
        made = [field.expression for field in after.fields if field.node == node_id]
        if any(map(can_overflow, made)):
            found.append(node_id)
    return tuple(found)
