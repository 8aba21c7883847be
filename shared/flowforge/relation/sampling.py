"""Some rows of a relation, chosen by a hash of what tells them apart and of a seed.

A hash does not depend on where a row is stored, so that the same seed chooses the same rows of the
same data. Of a number of rows those with the smallest hashes are kept, of a share those below it.
"""

from __future__ import annotations

from dataclasses import replace

from flowforge.formula.tree import Constant, Expression, call
from flowforge.relation.barriers import Barrier
from flowforge.relation.fields import Order, Predicate, Window
from flowforge.relation.relation import Relation
from flowforge.relation.sizes import inline_growth
from flowforge.relation.sources import Derived
from flowforge.types import BOOLEAN, FLOAT64, INT64


def rows(relation: Relation, count: int, seed: int) -> Relation:
    """So many rows, in the order that they come in."""
    if (barrier := _barrier(relation)) is not None:
        return rows(relation.closed(barrier), count, seed)
    number = call("sample_hash", (Constant(seed, INT64), *_identity(relation)), INT64, nullable=False)
    chosen = replace(
        relation,
        order=(Order(number, False, relation.node, choosing=True),),
        window=Window(count, 0, relation.node, sampled=True),
        clause="LIMIT",
    )
    if not relation.order:
        return chosen
    outer = relation.closed(Barrier.SAMPLE_OF_SORTED)
    assert isinstance(outer.source, Derived)
    inner = replace(chosen, fields=outer.source.relation.fields)
    return replace(outer, source=Derived(inner), clause="LIMIT")


def fraction(relation: Relation, share: float, seed: int) -> Relation:
    """About this share (0…1) of the rows; equal rows share their fate."""
    if (barrier := _barrier(relation)) is not None:
        return fraction(relation.closed(barrier), share, seed)
    if relation.looks_at_rows:
        return fraction(relation.closed(Barrier.SAMPLE_AFTER_WINDOW), share, seed)
    operands = (Constant(share, FLOAT64), Constant(seed, INT64), *_identity(relation))
    condition = Predicate(call("sampled", operands, BOOLEAN, nullable=False), relation.node)
    if relation.keys is None:
        return replace(relation, where=(*relation.where, condition), clause="WHERE")
    return replace(relation, having=(*relation.having, condition), clause="HAVING")


def _barrier(relation: Relation) -> Barrier | None:
    if relation.window is not None:
        return Barrier.SAMPLE_AFTER_SAMPLE if relation.window.sampled else Barrier.SAMPLE_AFTER_LIMIT
    if sum(each.size - 1 for each in _identity(relation)) > inline_growth(relation.source):
        return Barrier.FORMULA_TOO_LARGE_TO_INLINE
    return None


def _identity(relation: Relation) -> tuple[Expression, ...]:
    """What tells a row from the others, as far as anything does."""
    return relation.trade_order or relation.keys or tuple(field.expression for field in relation.fields)
