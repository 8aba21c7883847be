"""First and last by a text that orders as the columns of the trade order do, where the table has one.

argMin(price, tuple(event_time, sequence, source_file, row_no))   →   argMin(price, trade_order)

The rows are the same. ClickHouse compares two texts several times faster than two tuples.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from flowforge.formula.rewriting import like, rewriter
from flowforge.formula.tree import Call, Expression, Reference
from flowforge.relation import Predicate, Projection, Relation, Scan, rebuilt
from flowforge.types import STRING

_ENDS = frozenset({"first", "last"})


def by_order_key(relation: Relation) -> Relation:
    """The relation with each first and last of a scan by its table's order key. ClickHouse only."""
    return rebuilt(relation, _keyed)


def _keyed(relation: Relation) -> Relation:
    source = relation.source
    if not isinstance(source, Scan) or source.table.order_key is None or relation.keys is None:
        return relation
    keyed = _by(source.table.order_key, source.table.trade_order)
    fields = Projection([replace(each, expression=keyed(each.expression)) for each in relation.fields])
    if all(new.expression is old.expression for new, old in zip(fields, relation.fields, strict=True)):
        return relation
    return relation.changed(
        fields=fields,
        having=tuple([Predicate(keyed(each.expression), each.node) for each in relation.having]),
        order=tuple([replace(each, expression=keyed(each.expression)) for each in relation.order]),
        first_of=tuple(map(keyed, relation.first_of)),
    )


def _by(key: str, order: Sequence[str]) -> Callable[[Expression], Expression]:
    """Rewrites each first and last by the columns of ``order`` as one by the key."""
    reference = Reference(key, STRING, nullable=False)

    def change(each: Expression) -> Expression | None:
        if not isinstance(each, Call) or not each.aggregate:
            return each
        if each.function not in _ENDS:
            return None
        value, *by = each.arguments
        names = [column.name for column in by if isinstance(column, Reference)]
        return like(each, (value, reference), each.function) if tuple(names) == tuple(order) else each

    return rewriter(change)
