"""How most functions meet NULL and overflow: either argument NULL makes NULL, else overflow is passed on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flowforge.types import ColumnType
from oracle.formula.term import Term
from oracle.numbers import finite
from oracle.relation import Poison, Row, computed_with


def strict(type_: ColumnType | None, function: Callable[..., Any], arguments: Sequence[Term]) -> Term:
    """A term that computes only from arguments that are all there."""

    def evaluate(row: Row) -> Any:
        values = [argument.evaluate(row) for argument in arguments]
        if any(value is None for value in values):
            return None
        poison = next((value for value in values if isinstance(value, Poison)), None)
        return function(*map(finite, values)) if poison is None else computed_with(poison)

    return Term(type_, evaluate)


def type_of(term: Term, default: ColumnType) -> ColumnType:
    """The term's type; an untyped NULL takes the default."""
    return term.type if term.type is not None else default
