"""Relation algebra: one SELECT under construction, and the rules of what merges into it.

A SELECT is evaluated FROM → WHERE → GROUP BY → HAVING → projection → ORDER BY → LIMIT. A node merges
where doing its work at its place in this order gives the same rows; otherwise the SELECT is closed
(``Derived``) and a new one reads from it, for a reason named in ``barriers``.

All operations return a new relation. They expect names and types already checked (by ``infer``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from flowforge.catalog import Table
from flowforge.formula import windows
from flowforge.formula.floats import one_zero
from flowforge.formula.rewriting import rewriter
from flowforge.formula.tree import (
    Call,
    Constant,
    Expression,
    Reference,
    call,
    contains_window,
    labelled,
    levels,
    references,
    substitute,
    terms,
)
from flowforge.relation.barriers import Barrier
from flowforge.relation.fields import Field, Order, Origin, Predicate, Projection, Scan, Window
from flowforge.relation.pushdown import pushed
from flowforge.relation.sizes import MAX_LEVELS, inline_growth, too_large_part
from flowforge.relation.sources import Derived, Joined, Source, origins_by_scope
from flowforge.types import BOOLEAN, INT64, Schema

MAX_PUSHED = 16
"""SELECTs that a filter moves down through; below, engines move it themselves."""


@dataclass(frozen=True)
class Relation:
    """One SELECT under construction.

    ``keys`` is None until the relation is grouped. ``trade_order`` totally orders the rows of market
    data (for first and last); it is empty where the table has none and after grouping.
    ``opened_by`` is the node whose SELECT this is, ``barrier`` why it had to open one, ``grouped_by``
    the node that grouped it, ``node`` the node being applied, ``clause`` where its work went.
    ``pivoted``: grouped by a pivot, below which no filter moves (SEMANTICS: order of operations).
    ``first_of``: of rows that are equal in these, only the first of the order comes out.
    ``moved_into``: the node whose SELECT took the work, where ``clause`` says it is one of those read.
    """

    source: Source
    fields: Projection
    node: str
    opened_by: str
    where: tuple[Predicate, ...] = ()
    keys: tuple[Expression, ...] | None = None
    grouped_by: str = ""
    pivoted: bool = False
    having: tuple[Predicate, ...] = ()
    order: tuple[Order, ...] = ()
    first_of: tuple[Expression, ...] = ()
    window: Window | None = None
    trade_order: tuple[Expression, ...] = ()
    barrier: Barrier | None = None
    clause: str = "FROM"
    moved_into: str = ""

    @staticmethod
    def scan(table: Table, node: str) -> Relation:
        """All columns of a table."""
        fields = Projection(
            Field(
                column.name,
                Reference(column.name, column.type, column.nullable),
                frozenset({(table.database, table.name, column.name)}),
            )
            for column in table.columns
        )
        known = fields.by_name
        order = tuple(known[name].expression for name in table.trade_order if name in known)
        return Relation(Scan(table), fields, node, node, trade_order=order)

    def changed(self, **changes: Any) -> Relation:
        """A copy with other values; ``dataclasses.replace`` would set all of them one by one."""
        made = object.__new__(Relation)
        made.__dict__.update(self.__dict__, **changes)
        return made

    @property
    def schema(self) -> Schema:
        """The columns that come out, in order."""
        return self.fields.schema

    @property
    def looks_at_rows(self) -> bool:
        """Whether a column or the order looks at other rows, so that WHERE may take no more of them away."""
        return self.fields.look_at_rows or any(contains_window(each.expression) for each in self.order)

    def _cut(self, step: str) -> Barrier:
        """Why this step needs all rows of the LIMIT that stands before it."""
        assert self.window is not None
        return Barrier(f"{step}_AFTER_{'SAMPLE' if self.window.sampled else 'LIMIT'}")

    @property
    def is_bare_scan(self) -> bool:
        """Whether it only reads, and at most sorts, columns of a table."""
        untouched = not self.where and self.keys is None and self.window is None
        return isinstance(self.source, Scan) and untouched and self._is_plain()

    @property
    def is_source(self) -> bool:
        """Whether it only gives the rows of a table, as they are stored or with columns made of others'."""
        given = isinstance(self.source, Joined) and bool(self.source.implied) and self.clause == "FROM"
        return given or self.is_bare_scan

    def field(self, name: str) -> Field:
        """The output column of that name, which must exist."""
        return self.fields.by_name[name]

    def resolve(self, expression: Expression) -> Expression:
        """An expression over this relation's output as one over its FROM scope."""
        by_name = self.fields.by_name
        return substitute(expression, lambda reference: by_name[reference.name].expression)

    def origins(self, expression: Expression) -> frozenset[Origin]:
        """The source columns behind an expression over this relation's output."""
        found = [self.fields.by_name[name].origins for name in references(expression)]
        return frozenset().union(*found)

    def _inlined(self, expression: Expression) -> Expression | None:
        """The expression over the FROM scope; None where that writes too much of it out again, or too deep.

        What it reads tells the least that it grows by: most that are too large are not even put together.
        """
        limit, by_name = inline_growth(self.source), self.fields.by_name
        read = [by_name[name].expression for name in references(expression)]
        if any(each.size - 1 > limit or levels(each) > MAX_LEVELS for each in read):
            return None
        inlined = self.resolve(expression)
        return inlined if inlined.size - expression.size <= limit else None

    def filter(self, predicate: Expression) -> Relation:
        """Keep the rows for which the predicate holds."""
        inlined = self._filtered_by(predicate)
        if isinstance(inlined, Barrier):
            return self.closed(inlined).filter(predicate)
        return self._restricted(predicate, inlined)

    @property
    def place(self) -> str:
        """The node whose SELECT has taken the last step's work."""
        return self.moved_into if self.clause == "SOURCE" else self.opened_by

    def narrowed(self, predicate: Expression, node: str, depth: int) -> Relation | None:
        """The filter of a SELECT ``depth`` above, if this one can take it for its own; None if not."""
        inlined = self._filtered_by(predicate)
        if isinstance(inlined, Barrier):
            return None
        if self.first_of and not self._reads_only(predicate, self.first_of):
            return None
        return self.changed(node=node)._restricted(predicate, inlined, depth)

    def _filtered_by(self, predicate: Expression) -> Expression | Barrier:
        """The predicate over the FROM scope, or why a filter here needs a SELECT of its own."""
        if self.window is not None:
            return self._cut("FILTER")
        if self.looks_at_rows:
            return Barrier.FILTER_AFTER_WINDOW
        return self._inlined(predicate) or Barrier.FORMULA_TOO_LARGE_TO_INLINE

    def _restricted(self, predicate: Expression, inlined: Expression, depth: int = 0) -> Relation:
        """With the predicate in HAVING, in WHERE, or in what it reads, as far down as it may go."""
        if len(terms(predicate)) > 1 and (self.keys is not None or not isinstance(self.source, Scan)):
            return self._restricted_by_each(terms(predicate), terms(inlined), depth)
        condition = Predicate(inlined, self.node)
        if self.keys is not None and not self._holds_for_whole_groups(predicate):
            return self.changed(having=(*self.having, condition), clause="HAVING")
        kept = self.barrier is Barrier.NOT_MERGED or depth >= MAX_PUSHED
        moved = None if kept else pushed(self.source, inlined, self.node, depth + 1)
        if moved is None:
            return self.changed(where=(*self.where, condition), clause="WHERE")
        source, place = moved
        return self.changed(source=source, clause="SOURCE", moved_into=place)

    def _restricted_by_each(
        self, predicates: Sequence[Expression], inlined: Sequence[Expression], depth: int
    ) -> Relation:
        """With all of them, each in its own place; where one stays here, that is where the work went."""
        relation, stayed = self, ""
        for predicate, written in zip(predicates, inlined, strict=True):
            relation = relation._restricted(predicate, written, depth)
            stayed = stayed or (relation.clause if relation.clause != "SOURCE" else "")
        return relation.changed(clause=stayed) if stayed else relation

    def _holds_for_whole_groups(self, predicate: Expression) -> bool:
        """Whether a condition after grouping can be asked of the rows before it.

        It can if it only reads grouping keys: then all rows of a group agree. Without a key there is
        one group even of no rows, which a WHERE could not take away.
        """
        keys = () if self.pivoted else self.keys or ()
        return self._reads_only(predicate, keys)

    def _reads_only(self, predicate: Expression, keys: Sequence[Expression]) -> bool:
        read = [self.field(name).expression for name in references(predicate)]
        return bool(read) and all(any(each is key for key in keys) for each in read)

    def project(self, names: Sequence[str]) -> Relation:
        """Only these columns, in this order; those that nobody made are this node's choice."""
        chosen = [self.field(name) for name in names]
        fields = [each if each.node is not None else replace(each, node=self.node) for each in chosen]
        return self.changed(fields=Projection(fields), clause="SELECT")

    def rename(self, names: Mapping[str, str]) -> Relation:
        """Other names for some columns, in their places."""
        fields = Projection(
            replace(field, name=names[field.name], node=self.node if field.is_plain else field.node)
            if field.name in names
            else field
            for field in self.fields
        )
        return self.changed(fields=fields, clause="SELECT")

    def extend(self, name: str, expression: Expression) -> Relation:
        """One more column (or a new meaning for an old one, in its place)."""
        part = too_large_part(expression)
        if part is not None:
            return self._extend_in_steps(name, expression, part)
        inlined = self._inlined(expression)
        if inlined is None:
            return self.closed(Barrier.FORMULA_TOO_LARGE_TO_INLINE).extend(name, expression)
        if isinstance(expression, Call):
            inlined = labelled(inlined, name, self.node)
        added = Field(name, inlined, self.origins(expression), self.node)
        if name in self.fields.by_name:
            fields = Projection(added if field.name == name else field for field in self.fields)
        else:
            fields = self.fields.and_one(added)
        return self.changed(fields=fields, clause="SELECT")

    def _extend_in_steps(self, name: str, expression: Expression, part: Call) -> Relation:
        """A column that is too large for one SELECT: one before works out a part of it."""
        step = _hidden({*self.fields.by_name, name})
        made = Reference(step, part.type, part.nullable)
        rest = rewriter(lambda each: made if each is part else None)(expression)
        before = self.extend(step, part).closed(Barrier.FORMULA_TOO_LARGE_TO_INLINE)
        extended = before.extend(name, rest)
        return extended.changed(fields=Projection(each for each in extended.fields if each.name != step))

    def sort(self, terms: Sequence[tuple[str, bool]]) -> Relation:
        """Order by (column, descending); the order so far breaks ties."""
        if self.window is not None:
            return self.closed(self._cut("SORT")).sort(terms)
        wanted = [Order(self.field(name).expression, descending, self.node) for name, descending in terms]
        order: list[Order] = []
        for term in (*wanted, *self.order):
            if not any(term.expression is earlier.expression for earlier in order):
                order.append(term)
        return self.changed(order=tuple(order), clause="ORDER BY")

    def totally_ordered(self) -> Relation:
        """Ordered as it is, and rows that this leaves equal by what tells them apart.

        That is the key of a group; else the trade order of market data, then all columns: rows that are
        equal in all of them are one as good as the other. A limit so far lets through the first in this
        order.
        """
        columns = tuple([field.expression for field in self.fields])
        order = list(self.order)
        for each in (*self.trade_order, *columns) if self.keys is None else self.keys:
            if not any(each is term.expression for term in order):
                order.append(Order(each, descending=False, node=self.node))
        return replace(self, order=tuple(order))

    def limit(self, rows: int | None, offset: int) -> Relation:
        """Skip ``offset`` rows, then keep ``rows``."""
        window = (self.window or Window(None, 0, self.node)).within(rows, offset, self.node)
        return self.changed(window=window, clause="LIMIT")

    def unique(self, names: Sequence[str]) -> Relation:
        """The first row of each combination of these columns, of all of them if none is named.

        First is by the order so far, then by the trade order, else by the values of the other columns.
        Where all columns are named, equal rows are one as good as the other: they are grouped, not numbered.
        """
        if self.window is not None:
            return self.closed(self._cut("UNIQUE")).unique(names)
        if self.keys is not None:
            return self.closed(Barrier.UNIQUE_AFTER_AGGREGATE).unique(names)
        if sum(field.expression.size - 1 for field in self.fields) > inline_growth(self.source):
            return self.closed(Barrier.FORMULA_TOO_LARGE_TO_INLINE).unique(names)
        by = [self.field(name).expression for name in names] or [field.expression for field in self.fields]
        order = [(term.expression, term.descending) for term in self.order]
        if len(by) == len(self.fields) and all(any(each is key for key in by) for each, _ in order):
            return self._distinct()
        ties = self.trade_order or tuple(field.expression for field in self.fields)
        told = [*by, *[each for each, _ in order]]
        order += [(each, False) for each in ties if not any(each is other for other in told)]
        if any(contains_window(each) for each in (*by, *[each for each, _ in order])):
            return self.closed(Barrier.UNIQUE_OF_WINDOW).unique(names)
        place = "place"
        while place in self.fields.by_name:
            place += "_"
        number = Field(place, windows.row_number(by, order), node=self.node)
        numbered = self.changed(fields=Projection((*self.fields, number)))
        outer = numbered.closed(Barrier.UNIQUE_CHOOSES_BY_NUMBER)
        first = call("=", (outer.field(place).expression, Constant(1, INT64)), BOOLEAN, nullable=False)
        kept = replace(outer, where=(Predicate(first, self.node),), clause="WHERE")
        return replace(kept, fields=Projection([kept.field(field.name) for field in self.fields]))

    def _distinct(self) -> Relation:
        """Equal rows become a group; its place in the trade order is that of its first row."""
        fields = Projection([_key(field) for field in self.fields])
        if any(contains_window(field.expression) for field in fields):
            return self.closed(Barrier.UNIQUE_OF_WINDOW)._distinct()
        keys = tuple([field.expression for field in fields])
        tape = self.trade_order
        first = [call("first", (each, *tape), each.type, each.nullable, True) for each in tape]
        return self.changed(
            fields=fields,
            keys=keys,
            grouped_by=self.node,
            trade_order=tuple(first),
            order=tuple(
                [replace(each, expression=self._as_key(each.expression, keys)) for each in self.order]
            ),
            clause="GROUP BY",
        )

    def _as_key(self, expression: Expression, keys: Sequence[Expression]) -> Expression:
        """The key that the expression of an output column has become."""
        at = next(at for at, field in enumerate(self.fields) if field.expression is expression)
        return keys[at]

    def group(
        self,
        keys: Sequence[str],
        aggregates: Sequence[tuple[str, Callable[[Relation], Expression]]],
        *,
        pivoted: bool = False,
    ) -> Relation:
        """One row per combination of the keys.

        An aggregate is given as a function from the relation that is being grouped (its columns over
        the FROM scope, and its trade order) to an expression over that scope.
        """
        if self.window is not None:
            return self.closed(self._cut("AGGREGATE")).group(keys, aggregates, pivoted=pivoted)
        if self.keys is not None:
            return self.closed(Barrier.AGGREGATE_OF_AGGREGATE).group(keys, aggregates, pivoted=pivoted)
        if any(self.field(name).expression.size > inline_growth(self.source) for name in keys):
            return self.closed(Barrier.FORMULA_TOO_LARGE_TO_INLINE).group(keys, aggregates, pivoted=pivoted)
        key_fields = [_key(self.field(name)) for name in keys]
        scope = origins_by_scope(self.source)
        made = []
        for name, build in aggregates:
            expression = build(self)
            if expression.size > 4 * inline_growth(self.source) and not self._is_plain():
                return self.closed(Barrier.FORMULA_TOO_LARGE_TO_INLINE).group(
                    keys, aggregates, pivoted=pivoted
                )
            read = [scope.get(each, frozenset()) for each in references(expression)]
            made.append(Field(name, expression, frozenset().union(*read), self.node))
        if any(contains_window(field.expression) for field in (*key_fields, *made)):
            return self.closed(Barrier.AGGREGATE_OF_WINDOW).group(keys, aggregates, pivoted=pivoted)
        return self.changed(
            fields=Projection((*key_fields, *made)),
            keys=tuple(field.expression for field in key_fields),
            grouped_by=self.node,
            pivoted=pivoted,
            order=(),
            trade_order=(),
            clause="GROUP BY",
        )

    def _is_plain(self) -> bool:
        return all(isinstance(field.expression, Reference) for field in self.fields)

    def shared(self) -> Relation:
        """A new SELECT that reads from this one, which others read too."""
        reading = self.closed(Barrier.SHARED_BY_NODES)
        assert isinstance(reading.source, Derived)
        return replace(reading, source=replace(reading.source, shared=True))

    def closed(self, barrier: Barrier) -> Relation:
        """A new SELECT that reads from this one.

        The order so far stays in force: terms that are no output columns are passed on as hidden
        ones. Whatever the new SELECT does not use is left out when it is written.
        """
        taken = {field.name for field in self.fields}
        hidden: list[Field] = []
        passed: dict[str, Reference] = {}

        def reference(field: Field) -> Reference:
            """One for each column, so that the order and the columns are known to be the same."""
            made = Reference(field.name, field.expression.type, field.expression.nullable)
            return passed.setdefault(field.name, made)

        def exported(expression: Expression) -> Expression:
            for field in (*self.fields, *hidden):
                if field.expression is expression:
                    return reference(field)
            name = _hidden(taken)
            taken.add(name)
            hidden.append(Field(name, expression, frozenset()))
            return reference(hidden[-1])

        order = tuple(
            replace(term, expression=exported(term.expression)) for term in self.order if not term.choosing
        )
        trade_order = tuple(exported(each) for each in self.trade_order)
        inner = self.changed(fields=Projection((*self.fields, *hidden)))
        fields = Projection(Field(field.name, reference(field), field.origins) for field in self.fields)
        return Relation(
            Derived(inner),
            fields,
            self.node,
            self.node,
            order=order,
            trade_order=trade_order,
            barrier=barrier,
        )


def _hidden(taken: Collection[str]) -> str:
    """A name for a column that nobody asked for."""
    return next(name for number in count(1) if (name := f"hidden_{number}") not in taken)


def _key(field: Field) -> Field:
    """The field as a key to group by, whose values are told apart."""
    key = one_zero(field.expression)
    return field if key is field.expression else replace(field, expression=key)
