"""What the rows of one side of a join already fulfil, asked of the keys on the other side as well.

    l: WHERE symbol = 'AAPL'    l.symbol = r.symbol    r: WHERE symbol = 'AAPL'

A row of the other side that does not fulfil it equals no row of this one. It may be left out where it would
come out only beside a partner: of both sides of an inner join, and of the null side of an outer one. Among
rows with equal keys all remain, so that an as-of join finds the same nearest one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from flowforge.formula.overflow import can_overflow
from flowforge.formula.tree import Expression, Reference, references, substitute, terms
from flowforge.relation.barriers import Barrier
from flowforge.relation.fields import Predicate
from flowforge.relation.relation import Relation
from flowforge.relation.sources import Derived, Joined, JoinKind

MAX_DEPTH = 16
"""SELECTs below one that are asked what they have filtered."""

_TO_RIGHT: frozenset[JoinKind] = frozenset({"inner", "left"})
_TO_LEFT: frozenset[JoinKind] = frozenset({"inner", "right"})


def agreeing(
    left: Relation, right: Relation, kind: JoinKind, pairs: Sequence[tuple[str, str]]
) -> tuple[Relation, Relation]:
    """Both sides of a join on ``pairs``, without rows of which the other side's filters say that they meet none."""
    before = left
    if kind in _TO_LEFT:
        left = _told(left, right, [pair[::-1] for pair in pairs])
    if kind in _TO_RIGHT:
        right = _told(right, before, pairs)
    return left, right


def _told(relation: Relation, other: Relation, pairs: Sequence[tuple[str, str]]) -> Relation:
    """The relation with those conditions of the other that only read keys; ``pairs`` are (other's, its own)."""
    if relation.barrier is Barrier.NOT_MERGED or other.barrier is Barrier.NOT_MERGED:
        return relation
    partners = {
        theirs: relation.field(mine).column
        for theirs, mine in pairs
        if relation.field(mine).expression.type == other.field(theirs).expression.type
        and relation.field(mine).expression.type.kind != "float64"
    }
    told = {
        theirs: Reference(column.name, column.type, column.nullable) for theirs, column in partners.items()
    }
    known = [each.expression for each in _held(relation)]
    for each in _held(other):
        if can_overflow(each.expression):
            continue
        condition = _renamed(each.expression, told)
        if condition is None or condition in known:
            continue
        narrowed = relation.narrowed(condition, each.node, 1)
        if narrowed is not None:
            known.append(condition)
            relation = narrowed.changed(node=relation.node)
    return relation


def _held(relation: Relation, depth: int = 0) -> Iterator[Predicate]:
    """Conditions over the columns that come out, which hold for every row that does."""
    names = {
        field.expression.name: Reference(field.name, field.expression.type, field.expression.nullable)
        for field in reversed(relation.fields)
        if isinstance(field.expression, Reference)
    }
    for each in (*_held_below(relation, depth), *relation.where):
        for term in terms(each.expression):
            renamed = _renamed(term, names)
            if renamed is not None:
                yield replace(each, expression=renamed)


def _held_below(relation: Relation, depth: int) -> Iterator[Predicate]:
    """Conditions over the FROM scope, which hold for every row of it."""
    source = relation.source
    if depth >= MAX_DEPTH:
        return
    if isinstance(source, Derived):
        yield from _held(source.relation, depth + 1)
    elif isinstance(source, Joined):
        for side in sorted(source.kept):
            names = {
                inner: Reference(name, field.expression.type, field.expression.nullable)
                for name, (of, inner) in source.columns.items()
                if of == side and (field := source.side(side).field(inner))
            }
            for each in _held(source.side(side), depth + 1):
                renamed = _renamed(each.expression, names)
                if renamed is not None:
                    yield replace(each, expression=renamed)


def _renamed(condition: Expression, names: Mapping[str, Reference]) -> Expression | None:
    """The condition over other names; None if it reads a column that has none there, or no column at all."""
    read = references(condition)
    if not read or not read <= names.keys():
        return None
    return substitute(condition, lambda reference: names[reference.name])
