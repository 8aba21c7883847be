"""Filters on their way to the scan: which conditions may be asked of what a SELECT reads, and not of its rows.

closed SELECT    where it can take the condition itself: before nothing that looks at other rows,
                 chooses some of them or counts them (window, limit, sample, unique, pivot), and
                 not if other nodes read it too
join             on the side that all columns of the condition are of, if no row of that side is
                 made up (an outer join's null side) and, for an as-of join, on the left only: with
                 fewer right rows another would be the nearest. A condition on keys holds for the
                 partner's keys as well. Not if it can fail on a value, since it then sees rows
                 that have no partner.
union            in every input; with ``distinct`` not on floats, of which 0 and -0 are equal rows
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from flowforge.formula.overflow import can_overflow
from flowforge.formula.tree import Expression, Reference, references, substitute
from flowforge.relation.fields import Field, Scan
from flowforge.relation.sources import Derived, Joined, Side, Source, United

if TYPE_CHECKING:
    from flowforge.relation.relation import Relation

Moved = tuple[Source, str]
"""What is read now, and the node whose SELECT took the condition."""


def pushed(source: Source, predicate: Expression, node: str, depth: int) -> Moved | None:
    """The source with only the rows for which the predicate over its scope holds; None if it must stay.

    ``depth``: how many SELECTs it has moved through.
    """
    names = references(predicate)
    if isinstance(source, Scan) or not names:
        return None
    if isinstance(source, Derived):
        return None if source.shared else _into_closed(source, predicate, node, depth)
    if isinstance(source, Joined):
        return _into_side(source, predicate, names, node, depth)
    return _into_arms(source, predicate, node, depth)


def _into_closed(source: Derived, predicate: Expression, node: str, depth: int) -> Moved | None:
    narrowed = source.relation.narrowed(predicate, node, depth)
    return None if narrowed is None else (Derived(narrowed), narrowed.place)


def _into_side(
    source: Joined, predicate: Expression, names: frozenset[str], node: str, depth: int
) -> Moved | None:
    sides = {source.columns[name][0] for name in names}
    if len(sides) != 1 or can_overflow(predicate):
        return None
    (side,) = sides
    if side not in source.kept or (source.nearest and side == "right"):
        return None
    narrowed = source.side(side).narrowed(_as_side_says(source, predicate, {}), node, depth)
    if narrowed is None:
        return None
    moved = _with_side(source, side, narrowed)
    partners = {
        mine: other for mine, other in _partners(source, side) if _interchangeable(source, mine, other)
    }
    if names <= partners.keys():
        other_side: Side = "right" if side == "left" else "left"
        other = source.side(other_side).narrowed(_as_side_says(source, predicate, partners), node, depth)
        if other is not None:
            moved = _with_side(moved, other_side, other)
    return moved, narrowed.place


def _with_side(source: Joined, side: Side, relation: Relation) -> Joined:
    return replace(source, left=relation) if side == "left" else replace(source, right=relation)


def _partners(source: Joined, side: Side) -> list[tuple[str, str]]:
    return [pair if side == "left" else pair[::-1] for pair in source.keys]


def _interchangeable(source: Joined, mine: str, other: str) -> bool:
    """Whether equal values of the two keys cannot be told apart."""
    types = {_field(source, name).expression.type for name in (mine, other)}
    return len(types) == 1 and types.pop().kind != "float64"


def _field(source: Joined, name: str) -> Field:
    side, inner = source.columns[name]
    return source.side(side).field(inner)


def _as_side_says(source: Joined, predicate: Expression, partners: Mapping[str, str]) -> Expression:
    """The predicate over one side's own columns; ``partners`` replaces keys by those of the other side."""

    def resolve(reference: Reference) -> Expression:
        column = _field(source, partners.get(reference.name, reference.name)).column
        return Reference(column.name, column.type, column.nullable)

    return substitute(predicate, resolve)


def _into_arms(source: United, predicate: Expression, node: str, depth: int) -> Moved | None:
    if source.distinct and _reads_floats(predicate):
        return None
    arms = [arm.narrowed(predicate, node, depth) for arm in source.arms]
    narrowed = tuple([arm for arm in arms if arm is not None])
    return (United(narrowed, source.distinct), narrowed[0].place) if len(narrowed) == len(arms) else None


def _reads_floats(expression: Expression) -> bool:
    stack = [expression]
    while stack:
        node = stack.pop()
        if isinstance(node, Reference):
            if node.type.kind == "float64":
                return True
        else:
            stack.extend(getattr(node, "arguments", ()))
    return False
