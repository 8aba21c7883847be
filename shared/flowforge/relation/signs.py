"""Whether ClickHouse keeps a whole number as Int64 or as UInt64, which have no type in common.

Elsewhere it does not matter: arithmetic converts its operands, and comparisons are exact. A union of the
two would be a Variant.
"""

from __future__ import annotations

from flowforge.formula.tree import Call, Constant, Expression
from flowforge.relation.fields import Scan
from flowforge.relation.sources import Derived, Joined, Source

SIGNED, UNSIGNED = "signed", "unsigned"

_CALLS = dict.fromkeys(("+", "-", "*", "negate", "promote"), SIGNED) | dict.fromkeys(
    ("count", "count_distinct", "row_number", "rank"), UNSIGNED
)
_DEEPEST = 16
"""SELECTs that a column is followed through."""


def sign_of(source: Source, expression: Expression, depth: int = 0) -> str | None:
    """How a whole number over the source's columns is kept; None if that is not known."""
    if isinstance(expression, Constant):
        return SIGNED
    if isinstance(expression, Call):
        return _CALLS.get(expression.function)
    if isinstance(source, Scan):
        return UNSIGNED if expression.name in source.table.unsigned else SIGNED
    if depth == _DEEPEST:
        return None
    if isinstance(source, Derived):
        inner, name = source.relation, expression.name
    elif isinstance(source, Joined):
        side, name = source.columns[expression.name]
        inner = source.side(side)
    else:
        inner, name = source.arms[0], expression.name
    return sign_of(inner.source, inner.field(name).expression, depth + 1)
