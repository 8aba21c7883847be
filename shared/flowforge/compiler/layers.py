"""A relation as the list of its SELECTs, innermost first, each with only the columns that are used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flowforge.formula.tree import Expression, call, contains_aggregate, references
from flowforge.relation import Derived, Field, Projection, Relation, Scan
from flowforge.types import INT64

_COUNT_ROWS = call("count", (), INT64, nullable=False, aggregate=True)


@dataclass(frozen=True, slots=True)
class Layer:
    """One SELECT: ``fields`` are those that a later one (or the caller) reads, ``reads`` the columns of
    its FROM that it uses. ``ordered`` says whether ORDER BY has an effect here.
    """

    relation: Relation
    fields: tuple[Field, ...]
    reads: frozenset[str]
    ordered: bool


def layers(relation: Relation) -> list[Layer]:
    """Column pruning from the outside in: unused columns never leave the scan."""
    found: list[Layer] = []
    wanted: frozenset[str] | None = None
    while True:
        outermost = not found
        fields: tuple[Field, ...] = relation.fields
        if wanted is not None:
            fields = tuple(field for field in fields if field.name in wanted) or fields[:1]
        if relation.keys == () and not any(contains_aggregate(field.expression) for field in fields):
            relation = _grouped_apart(replace(relation, fields=Projection(fields)))
        ordered = bool(relation.order) and (outermost or relation.window is not None)
        reads: set[str] = set()
        for expression in _used(relation, fields, ordered=ordered):
            reads |= references(expression)
        found.append(Layer(relation, fields, frozenset(reads), ordered))
        if isinstance(relation.source, Scan):
            return found[::-1]
        wanted = frozenset(reads)
        relation = relation.source.relation


def _used(relation: Relation, fields: tuple[Field, ...], *, ordered: bool) -> Iterator[Expression]:
    for field in fields:
        yield field.expression
    for predicate in (*relation.where, *relation.having):
        yield predicate.expression
    yield from relation.keys or ()
    if ordered:
        for term in relation.order:
            yield term.expression


def _grouped_apart(relation: Relation) -> Relation:
    """Grouping without keys whose aggregates nobody reads, in a SELECT of its own that has one.

    ``SELECT 0 FROM t`` has as many rows as ``t``. An aggregate in HAVING alone is not enough:
    ClickHouse folds ``count() >= 0`` to true and forgets that it was grouping.
    """
    inner = replace(relation, fields=Projection([Field("rows", _COUNT_ROWS)]), order=(), window=None)
    return replace(relation, source=Derived(inner), keys=None, having=(), where=(), order=())
