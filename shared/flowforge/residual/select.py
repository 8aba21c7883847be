"""A relation's rows: FROM → WHERE → GROUP BY → HAVING → projection → ORDER BY → LIMIT, in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol

from flowforge.errors import FlowForgeError
from flowforge.relation import Derived, Field, Joined, Predicate, Relation, Scan
from flowforge.residual.aggregates import leaders_of
from flowforge.residual.joins import joined, united
from flowforge.residual.order import sorted_rows
from flowforge.residual.rows import Lazy, Rows
from flowforge.residual.scope import Scope

if TYPE_CHECKING:
    import polars as pl


class Source(Protocol):
    """What was fetched before."""

    def part(self, relation: Relation) -> Rows | None:
        """The rows of a relation, if a store gave them."""

    def scan(self, scan: Scan) -> Rows:
        """The rows of a table."""


class Evaluation:
    """One run: every relation's rows, worked out once however many read them."""

    def __init__(self, fetched: Source, as_of: datetime) -> None:
        self._fetched, self._as_of = fetched, as_of
        self._done: dict[int, tuple[Relation, Rows]] = {}

    def rows(self, relation: Relation) -> Rows:
        """``FlowForgeError`` names the node in which a number leaves its type."""
        known = self._done.get(id(relation))
        if known is None:
            rows = self._fetched.part(relation) or self._select(relation)
            known = self._done[id(relation)] = relation, rows
        return known[1]

    def _select(self, relation: Relation) -> Rows:
        source = self._source(relation)
        scope = Scope(source.columns, source.height, self._as_of)
        scope = _kept(scope, relation.where)
        if relation.keys is not None:
            with blamed(relation.grouped_by):
                scope = scope.grouped(relation.keys)
        scope = _kept(scope, relation.having)
        positions = _places(relation, scope)
        if positions is not None:
            scope = scope.rows(positions)
        columns = Lazy({field.name: partial(_column, scope, field) for field in relation.fields})
        return Rows(columns, scope.height)

    def _source(self, relation: Relation) -> Rows:
        source = relation.source
        if isinstance(source, Scan):
            return self._fetched.scan(source)
        if isinstance(source, Derived):
            return self.rows(source.relation)
        with blamed(relation.opened_by):
            if isinstance(source, Joined):
                return joined(source, self.rows(source.left), self.rows(source.right))
            return united(source, [self.rows(arm) for arm in source.arms])


def _kept(scope: Scope, predicates: tuple[Predicate, ...]) -> Scope:
    for predicate in predicates:
        with blamed(predicate.node):
            scope = scope.kept(scope.evaluate(predicate.expression))
    return scope


def _places(relation: Relation, scope: Scope) -> pl.Series | None:
    """The rows that ORDER BY and LIMIT leave, in their order; None if all stay as they are."""
    import polars as pl

    if not relation.order and relation.window is None:
        return None
    terms = []
    for term in relation.order:
        with blamed(term.node):
            terms.append((scope.evaluate(term.expression), term.descending))
    positions = sorted_rows(terms, scope.height)
    if relation.first_of:
        ids, _ = leaders_of([scope.evaluate(each) for each in relation.first_of], scope.height)
        positions = positions.filter(ids.gather(positions).is_first_distinct())
    if relation.window is not None:
        positions = positions.slice(relation.window.offset, relation.window.rows)
    return positions.cast(pl.get_index_type())


def _column(scope: Scope, field: Field) -> pl.Series:
    with blamed(field.node):
        return scope.evaluate(field.expression)


@contextmanager
def blamed(node: str | None) -> Iterator[None]:
    """An error in here is the node's."""
    try:
        yield
    except FlowForgeError as error:
        raise error.at(node) if node else error from None
