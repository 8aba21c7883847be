"""What one entry of the function table says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp

from flowforge.formula.rules import Nullability, Rule
from flowforge.formula.tree import Call, Expression
from flowforge.records import dataclass

Emit = Callable[[Call, Sequence[exp.Expr]], exp.Expr]
"""Writes a call in one store's SQL, given its arguments already written. Owns those arguments."""

Bind = Callable[[Call, str, exp.Expr], exp.Expr]
"""Names a part of what a call is written as: the name if there can be one, else the part itself; fresh."""

Besides = Callable[[Call], tuple[Expression, ...]]
EmitSharing = Callable[[Call, Sequence[exp.Expr], Bind], exp.Expr]

NUMBER = frozenset({"int64", "float64", "decimal"})
INTEGER = frozenset({"int64"})
TEXT = frozenset({"string"})
LOGICAL = frozenset({"boolean"})
DAY = frozenset({"date", "datetime"})
MOMENT = frozenset({"datetime"})
ANY = NUMBER | TEXT | LOGICAL | DAY

UNITS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
"""Units of DATE_TRUNC, DATE_ADD and DATE_DIFF; weeks start on Monday."""


@dataclass(frozen=True, slots=True)
class PerStore:
    """How each SQL store says it. ``besides``: expressions below the call that its SQL on ClickHouse
    needs once more, which come after its arguments. ``sharing``: how ClickHouse says it where parts of it
    can be given names of their own.
    """

    clickhouse: Emit
    postgres: Emit
    besides: Besides | None = None
    sharing: EmitSharing | None = None


def everywhere(emit: Emit) -> PerStore:
    """Both stores say it the same way."""
    return PerStore(emit, emit)


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument: the kinds it takes, or the literals (``choices``, ``digits`` 0…12) it must be."""

    name: str
    accepts: frozenset[str]
    choices: tuple[str, ...] = ()
    digits: bool = False
    optional: bool = False

    @property
    def literal(self) -> bool:
        """Whether it must be one of some literals."""
        return self.digits or bool(self.choices)


@dataclass(frozen=True, slots=True)
class Function:
    """One function: how it is called, what it returns, how each store says it, what it is for.

    ``repeats``: the last parameter may be given any number of times. ``alike``: the arguments whose
    kinds must be comparable with each other, as a slice start (None: no such demand).
    """

    name: str
    parameters: tuple[Parameter, ...]
    returns: Rule
    nullable: Nullability
    sql: PerStore
    doc: str
    repeats: bool = False
    alike: int | None = None

    @property
    def least(self) -> int:
        """Fewest arguments."""
        return sum(not parameter.optional for parameter in self.parameters)

    @property
    def most(self) -> int | None:
        """Most arguments; None if the last one repeats."""
        return None if self.repeats else len(self.parameters)

    @property
    def signature(self) -> str:
        """``ROUND(number, [digits])`` for people."""
        names = [f"[{each.name}]" if each.optional else each.name for each in self.parameters]
        return f"{self.name}({', '.join(names)}{', …' if self.repeats else ''})"

    def parameter(self, index: int) -> Parameter:
        """The parameter that the argument at ``index`` fills."""
        return self.parameters[min(index, len(self.parameters) - 1)]
