"""Three-valued logic: NULL is "unknown"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flowforge.types import BOOLEAN
from oracle.formula.apply import strict
from oracle.formula.term import Term
from oracle.relation import Poison


def all_of(values: Sequence[Any]) -> Any:
    """AND: false if one is false, else NULL if one is unknown."""
    return _decided(values, by=False)


def any_of(values: Sequence[Any]) -> Any:
    """OR: true if one is true, else NULL if one is unknown."""
    return _decided(values, by=True)


def _decided(values: Sequence[Any], *, by: bool) -> Any:
    if any(value is by for value in values):
        return by
    poison = next((value for value in values if isinstance(value, Poison)), None)
    if poison is not None:
        return poison
    return None if any(value is None for value in values) else not by


def _connector(decide: Callable[[Sequence[Any]], Any]) -> Callable[[Sequence[Term]], Term]:
    return lambda terms: Term(BOOLEAN, lambda row: decide([term.evaluate(row) for term in terms]))


FUNCTIONS: Mapping[str, Callable[[Sequence[Term]], Term]] = {
    "AND": _connector(all_of),
    "OR": _connector(any_of),
    "NOT": lambda terms: strict(BOOLEAN, lambda value: not value, terms),
    # Whatever overflowed is not NULL, and an engine may know that without computing it.
    "IS NULL": lambda terms: Term(BOOLEAN, lambda row: terms[0].evaluate(row) is None),
}
