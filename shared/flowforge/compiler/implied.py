"""Joins that no node asked for (``Joined.implied``), brought to what the columns that are used need of them.

    no column that they make is used    the SELECT reads its left side, as if there were no join:

        SELECT sum(l.quantity) FROM l ASOF LEFT JOIN r …  →  SELECT sum(quantity) FROM trades

    a LIMIT with an ORDER BY left columns    the left side has it: its rows are chosen before they meet others

        SELECT l.price * r.factor … ORDER BY l.time LIMIT 100  →  l AS (SELECT … ORDER BY time LIMIT 100)

Both give the same rows, since each left row comes out once.
"""

from __future__ import annotations

from dataclasses import replace

from flowforge.compiler.layers import Layer, expressions, layers
from flowforge.formula.tree import Expression, Reference, references, substitute
from flowforge.relation import Joined, Order, Projection, Relation, Scan, rebuilt, walk


def as_needed(relation: Relation) -> Relation:
    """The relation with its implied joins left out or read in a narrower way, where that is the same."""
    if not any(_implied(each) for each in walk(relation)):
        return relation
    changed = {layer.key: _needed(layer) for layer in layers(relation) if _implied(layer.relation)}
    return rebuilt(relation, lambda each: changed.get(id(each), each))


def implied_joins(relation: Relation) -> tuple[Joined, ...]:
    """Those that are done; the left side of each was opened by the source node that it belongs to."""
    found = [each.source for each in walk(relation)]
    return tuple([each for each in found if isinstance(each, Joined) and each.implied])


def implied_at(relation: Relation) -> frozenset[str]:
    """The source nodes whose implied join is done."""
    return frozenset([each.left.opened_by for each in implied_joins(relation)])


def _implied(relation: Relation) -> bool:
    return isinstance(relation.source, Joined) and bool(relation.source.implied)


def _needed(layer: Layer) -> Relation:
    join, order = layer.relation.source, layer.relation.order if layer.ordered else ()
    assert isinstance(join, Joined)
    relation = replace(layer.relation, fields=Projection(layer.fields), order=order)
    mine = frozenset(join.left.fields.by_name)
    if _read(relation) <= mine:
        return _without(relation, join.left)
    return _chosen_before(relation, join) if _chooses_by(relation, mine) else relation


def _read(relation: Relation) -> frozenset[str]:
    """The columns of its FROM that it uses, besides those that the join compares."""
    return frozenset().union(*map(references, expressions(relation, relation.fields)))


def _without(relation: Relation, left: Relation) -> Relation:
    """Reading what the left side reads: that is a scan and conditions, whose columns keep their names."""
    assert isinstance(left.source, Scan)
    barrier = None if relation.opened_by == left.opened_by else relation.barrier
    return replace(relation, source=left.source, where=(*left.where, *relation.where), barrier=barrier)


def _chooses_by(relation: Relation, mine: frozenset[str]) -> bool:
    """Whether a LIMIT keeps rows by nothing but columns of the left side."""
    if relation.window is None or relation.window.rows is None or relation.keys is not None:
        return False
    if relation.where or relation.first_of or relation.looks_at_rows:
        return False
    return all(references(term.expression) <= mine for term in relation.order)


def _chosen_before(relation: Relation, join: Joined) -> Relation:
    def inner(reference: Reference) -> Expression:
        return join.left.field(reference.name).expression

    terms = [replace(each, expression=substitute(each.expression, inner)) for each in relation.order]
    left = join.left.changed(order=tuple(terms), window=relation.window)
    shown: tuple[Order, ...] = tuple([each for each in relation.order if not each.choosing])
    return replace(relation, source=replace(join, left=left), order=shown, window=None)
