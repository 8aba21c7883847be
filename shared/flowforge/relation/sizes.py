"""How large an expression may become in one SELECT."""

from __future__ import annotations

from collections.abc import Mapping

from flowforge.formula.tree import Call, Expression, levels
from flowforge.relation.fields import Scan
from flowforge.relation.sources import Derived, Joined, Source

INLINE_GROWTH: Mapping[str, int] = {"clickhouse": 512}
MAX_INLINE_GROWTH = 64
"""Nodes that writing out inlined formulas may add to an expression before it is bound to a column.

On ClickHouse what repeats is written once, so that the text stays short; but its analyzer writes names
out again (500,000 nodes are its limit) and its key analysis takes time in their number.
"""
MAX_LEVELS = 256
"""Levels of nesting of a column beyond which nothing is inlined into it: stores read and analyse expressions by
recursion, and ClickHouse, for which a name is what it stands for, gives up between 500 and 1,000.
"""

MAX_SIZE = 512
"""Nodes that writing out one formula may take: where SQRTs nest, for which PostgreSQL writes the operand twice,
they double with each.
"""
_LEAST_PART = 64
"""Nodes from which it pays to work out a part of a formula before."""


def too_large_part(expression: Expression) -> Call | None:
    """Of a formula that is too large for one SELECT, a part that is not; None if it fits, or is only wide."""
    part = expression
    while isinstance(part, Call) and (part.levels > MAX_LEVELS or part.size > MAX_SIZE):
        part = max(part.arguments, key=levels if part.levels > MAX_LEVELS else _size, default=part)
    if part is expression or not isinstance(part, Call):
        return None
    return part if levels(expression) > MAX_LEVELS or part.size >= _LEAST_PART else None


def _size(expression: Expression) -> int:
    return expression.size


def inline_growth(source: Source) -> int:
    """The bound for SELECTs that read from this source."""
    while not isinstance(source, Scan):
        if isinstance(source, Derived):
            source = source.relation.source
        else:
            source = (source.left if isinstance(source, Joined) else source.arms[0]).source
    return INLINE_GROWTH.get(source.table.store, MAX_INLINE_GROWTH)
