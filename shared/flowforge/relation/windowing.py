"""A column that looks at other rows of a relation: where its OVER clause may stand, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from flowforge.formula import windows
from flowforge.formula.tree import Expression, Reference, contains_window, references
from flowforge.records import dataclass
from flowforge.relation.barriers import Barrier
from flowforge.relation.fields import Field, Origin, Projection
from flowforge.relation.relation import Relation
from flowforge.relation.sizes import inline_growth
from flowforge.relation.sources import origins_by_scope

Over = Callable[[Expression, Expression | None], Expression]
"""Gives a function its partitions, its order and (if it has one) its frame."""

Build = Callable[[Expression | None, Over], Expression]
"""Makes the new column from the one that is read (None: none is)."""


@dataclass(frozen=True, slots=True)
class Looks:
    """How a window looks at rows: by names of the relation's columns.

    ``order`` has (column, descending) and goes before the order that the relation has.
    ``tells_equal_rows_apart``: rows which that leaves equal are ordered by the trade order, else by their
    other columns.
    """

    partition: Sequence[str]
    order: Sequence[tuple[str, bool]]
    tells_equal_rows_apart: bool


def extend(relation: Relation, name: str, column: str | None, looks: Looks, build: Build) -> Relation:
    """One more column. Windows over the same rows share their SELECT."""
    if (barrier := _barrier(relation)) is not None:
        return extend(relation.closed(barrier), name, column, looks, build)
    partition = [relation.field(each).expression for each in looks.partition]
    order = _order(relation, looks, partition)
    operand = None if column is None else relation.field(column).expression
    read = [*partition, *[key for key, _ in order], *([] if operand is None else [operand])]
    if any(contains_window(each) for each in read):
        return extend(relation.closed(Barrier.WINDOW_OF_WINDOW), name, column, looks, build)
    if sum(each.size - 1 for each in read) > inline_growth(relation.source):
        return extend(relation.closed(Barrier.FORMULA_TOO_LARGE_TO_INLINE), name, column, looks, build)
    made = build(operand, lambda function, frame: windows.over(function, partition, order, frame))
    field = Field(name, made, _origins(relation, column, looks), relation.node)
    return replace(relation, fields=Projection((*relation.fields, field)), clause="SELECT")


def _barrier(relation: Relation) -> Barrier | None:
    if relation.window is not None:
        return Barrier.WINDOW_AFTER_SAMPLE if relation.window.sampled else Barrier.WINDOW_AFTER_LIMIT
    return Barrier.WINDOW_AFTER_AGGREGATE if relation.keys is not None else None


def _order(relation: Relation, looks: Looks, partition: Sequence[Expression]) -> list[windows.OrderTerm]:
    """What decides which row comes first; what a partition has in common decides nothing."""
    wanted = [(relation.field(name).expression, descending) for name, descending in looks.order]
    if looks.tells_equal_rows_apart or not wanted:
        wanted += [(term.expression, term.descending) for term in relation.order if not term.choosing]
    if looks.tells_equal_rows_apart:
        wanted += [(each, False) for each in relation.trade_order or _columns(relation)]
    order: list[windows.OrderTerm] = []
    for key, descending in wanted:
        if not any(key is other for other in (*partition, *[each for each, _ in order])):
            order.append((key, descending))
    return order


def _columns(relation: Relation) -> list[Expression]:
    """What tells rows apart that differ at all: columns, and what is worked out from other ones than those.

    Columns that look at other rows are left out, so that windows share a SELECT.
    """
    expressions = [field.expression for field in relation.fields]
    plain = frozenset(each.name for each in expressions if isinstance(each, Reference))
    return [
        each
        for each in expressions
        if isinstance(each, Reference) or not (contains_window(each) or references(each) <= plain)
    ]


def _origins(relation: Relation, column: str | None, looks: Looks) -> frozenset[Origin]:
    """The source columns that were asked for; those that only tell equal rows apart are not."""
    names = [*looks.partition, *[name for name, _ in looks.order], *([] if column is None else [column])]
    found = [relation.field(name).origins for name in names]
    if not looks.order:
        scope = origins_by_scope(relation.source)
        found += [
            scope.get(each, frozenset()) for term in relation.order for each in references(term.expression)
        ]
    return frozenset().union(*found)
