"""``= <> < <= > >= IN BETWEEN``: NULL if either side is; IN and BETWEEN as the comparisons they stand for."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flowforge.types import BOOLEAN
from oracle.formula.logic import all_of, any_of
from oracle.formula.promotion import comparable
from oracle.formula.term import Term
from oracle.relation import Poison, Row, computed_with


def _compared(test: Callable[[Any, Any], bool], a: Any, b: Any) -> Any:
    if a is None or b is None:
        return None
    if isinstance(a, Poison):
        return computed_with(a)
    return computed_with(b) if isinstance(b, Poison) else test(a, b)


def _comparison(test: Callable[[Any, Any], bool]) -> Callable[[Sequence[Term]], Term]:
    def build(arguments: Sequence[Term]) -> Term:
        types = [argument.type for argument in arguments]

        def evaluate(row: Row) -> Any:
            a, b = comparable([argument.evaluate(row) for argument in arguments], types)
            return _compared(test, a, b)

        return Term(BOOLEAN, evaluate)

    return build


def _in(arguments: Sequence[Term]) -> Term:
    types = [argument.type for argument in arguments]

    def evaluate(row: Row) -> Any:
        subject, *listed = comparable([argument.evaluate(row) for argument in arguments], types)
        return any_of([_compared(operator.eq, subject, value) for value in listed])

    return Term(BOOLEAN, evaluate)


def _between(arguments: Sequence[Term]) -> Term:
    types = [argument.type for argument in arguments]

    def evaluate(row: Row) -> Any:
        subject, low, high = comparable([argument.evaluate(row) for argument in arguments], types)
        return all_of([_compared(operator.ge, subject, low), _compared(operator.le, subject, high)])

    return Term(BOOLEAN, evaluate)


FUNCTIONS: Mapping[str, Callable[[Sequence[Term]], Term]] = {
    "=": _comparison(operator.eq),
    "<>": _comparison(operator.ne),
    "<": _comparison(operator.lt),
    "<=": _comparison(operator.le),
    ">": _comparison(operator.gt),
    ">=": _comparison(operator.ge),
    "IN": _in,
    "BETWEEN": _between,
}
