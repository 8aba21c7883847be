"""How ClickHouse stores a datetime column of a FROM scope, followed back to its table."""

from __future__ import annotations

from collections.abc import Iterator

from flowforge.formula.buckets import NAME
from flowforge.formula.clickhouse_moments import DATETIME64, SINCE_1970
from flowforge.formula.tree import Reference
from flowforge.relation import Derived, Joined, Relation, Scan


def marks(relation: Relation, name: str) -> Iterator[str]:
    """What is known of the column: ``DATETIME64``, ``SINCE_1970``."""
    source = relation.source
    while not isinstance(source, Scan):
        if isinstance(source, Derived):
            below = source.relation
        elif isinstance(source, Joined):
            side, name = source.columns[name]
            below = source.side(side)
        else:
            return
        expression = below.field(name).expression
        if not isinstance(expression, Reference):
            if getattr(expression, "function", None) == NAME:
                yield DATETIME64
            return
        name, source = expression.name, below.source
    if name in source.table.datetime64:
        yield DATETIME64
        if name in source.table.since_1970:
            yield SINCE_1970
