"""The parts of a relation: what a SELECT projects, filters, groups, orders and limits by."""

from __future__ import annotations

from functools import cached_property

from flowforge.catalog import Table
from flowforge.formula.tree import Expression, Reference, contains_window
from flowforge.records import dataclass
from flowforge.types import Column, Schema

Origin = tuple[str, str, str]
"""(database, table, column) in the catalogue."""


@dataclass(frozen=True)
class Field:
    """One output column: an expression over the FROM scope, and the columns it comes from.

    ``node`` is the node that made it, or that chose or renamed it; None for a column that is only passed on.
    """

    name: str
    expression: Expression
    origins: frozenset[Origin] = frozenset()
    node: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it is a column of the scope, passed on."""
        return isinstance(self.expression, Reference)

    @cached_property
    def column(self) -> Column:
        """Name, type and nullability."""
        return Column(self.name, self.expression.type, self.expression.nullable)


class Projection(tuple[Field, ...]):
    """The columns that come out, in order. Relations share it until a node changes it."""

    @cached_property
    def schema(self) -> Schema:
        """Names and types."""
        return tuple([field.column for field in self])

    @cached_property
    def look_at_rows(self) -> bool:
        """Whether one of them looks at other rows."""
        return any(contains_window(field.expression) for field in self)

    def and_one(self, field: Field) -> Projection:
        """These and one more, of another name. What is known of them is not worked out again."""
        made = Projection((*self, field))
        made.__dict__.update(
            schema=(*self.schema, field.column),
            by_name=self.by_name | {field.name: field},
            look_at_rows=self.look_at_rows or contains_window(field.expression),
        )
        return made

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields by their names."""
        return {field.name: field for field in self}


@dataclass(frozen=True, slots=True)
class Predicate:
    """A condition of WHERE or HAVING and the node that asked for it."""

    expression: Expression
    node: str


@dataclass(frozen=True, slots=True)
class Order:
    """One sort term; NULL is last in either direction, in every store.

    ``choosing``: it only decides which rows a LIMIT keeps; nobody asked for rows in this order.
    """

    expression: Expression
    descending: bool
    node: str
    choosing: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """LIMIT and OFFSET in rows; ``rows`` None is no limit. ``sampled``: a sample chose the rows."""

    rows: int | None
    offset: int
    node: str
    sampled: bool = False

    def within(self, rows: int | None, offset: int, node: str) -> Window:
        """A window of this window: row ``offset`` of what this one lets through, and on."""
        remaining = None if self.rows is None else max(0, self.rows - offset)
        least = [each for each in (rows, remaining) if each is not None]
        return Window(min(least) if least else None, self.offset + offset, node, self.sampled)


@dataclass(frozen=True, slots=True)
class Scan:
    """FROM a table of the catalogue; the scope's columns are the table's."""

    table: Table
