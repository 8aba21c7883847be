"""Rows in memory, with what is known about their order.

Values by column type: string ``str``, int64 ``int``, float64 ``float``, decimal ``Decimal`` (exact),
date ``date``, datetime ``datetime`` in UTC (microseconds), boolean ``bool``; NULL is ``None``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flowforge.catalog import Adjustable
from flowforge.types import Schema
from oracle.problems import Overflow, Unspecified

Value = str | int | float | Decimal | bool | date | datetime | None
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Poison:
    """A cell whose value overflowed. It harms only who looks at it: an unused cell is never computed."""

    reason: str


@dataclass(frozen=True, slots=True)
class Beyond(Poison):
    """A decimal with more digits than its type, but not too large for the bits that a store may hold it in.

    Shown, it is an error everywhere; whether it may be computed with on the way is left open.
    """


@dataclass(frozen=True, slots=True)
class Choice:
    """A cut through rows of equal rank: ``count`` of ``candidates`` belong to the result, any of them.

    They stand behind the first ``at`` rows of the relation.
    """

    at: int
    count: int
    candidates: tuple[Row, ...]


@dataclass(frozen=True)
class Relation:
    """A table, or the result of a node.

    ``ranks`` has one number per row, never falling: rows of equal rank may come in either order.
    None: no order is defined at all. ``tape`` has each row's place in the table's trade order, None
    where there is none. ``choices`` is only set on a result that a limit cut through a rank.
    ``overflowed``: a value on the way left its type, so an error is allowed even if nothing shows it.
    ``adjustable``: of a table, which of its columns a source can adjust.
    """

    schema: Schema
    rows: tuple[Row, ...]
    ranks: tuple[int, ...] | None = None
    tape: tuple[int, ...] | None = None
    choices: tuple[Choice, ...] = ()
    overflowed: bool = False
    adjustable: Adjustable | None = None

    def index(self, name: str) -> int:
        """Position of a column."""
        return next(index for index, column in enumerate(self.schema) if column.name == name)

    def mapped(self, schema: Schema, change: Callable[[Row], Row]) -> Relation:
        """Every row changed by itself; the order stays."""
        choices = tuple(
            replace(choice, candidates=tuple(map(change, choice.candidates))) for choice in self.choices
        )
        return replace(self, schema=schema, rows=tuple(map(change, self.rows)), choices=choices)

    def arranged(self, positions: Sequence[int], ranks: Sequence[int] | None = None) -> Relation:
        """The rows at these positions, in this order, with new ranks or (positions ascending) their own."""
        if ranks is None and self.ranks is not None:
            ranks = [self.ranks[each] for each in positions]
        return replace(
            self,
            rows=tuple(self.rows[each] for each in positions),
            ranks=None if ranks is None else tuple(ranks),
            tape=None if self.tape is None else tuple(self.tape[each] for each in positions),
        )

    def settled(self) -> Relation:
        """This relation, if its rows are certain; what builds on an open choice has no single answer."""
        if self.choices:
            raise Unspecified("rows of equal rank were cut by a limit, and a node reads on")
        return self


def looked_at(value: Any) -> Any:
    """The value, for a decision (filter, sort, group) that cannot be made with an overflowed one."""
    if isinstance(value, Poison):
        raise Overflow(computed_with(value).reason)
    return value


def computed_with(poison: Poison) -> Poison:
    """The overflow, for what is made of it."""
    if isinstance(poison, Beyond):
        raise Unspecified(poison.reason)
    return poison
