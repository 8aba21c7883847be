"""IF, CASE, COALESCE, NULLIF, GREATEST, LEAST."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flowforge.types import ColumnType
from oracle.formula.promotion import common_type, comparable, promoted
from oracle.formula.term import Term
from oracle.numbers import finite
from oracle.relation import Poison, Row, computed_with


def _as(type_: ColumnType | None, value: Any) -> Any:
    return value if type_ is None else promoted(value, type_)


def _case(terms: Sequence[Term]) -> Term:
    """Conditions and results in turn, then the default; a condition that is NULL does not hold."""
    tests, results, default = terms[0:-1:2], terms[1:-1:2], terms[-1]
    type_ = common_type([term.type for term in (*results, default)])

    def evaluate(row: Row) -> Any:
        for test, result in zip(tests, results, strict=True):
            holds = test.evaluate(row)
            if isinstance(holds, Poison):
                return holds
            if holds:
                return _as(type_, result.evaluate(row))
        return _as(type_, default.evaluate(row))

    return Term(type_, evaluate)


def _coalesce(terms: Sequence[Term]) -> Term:
    type_ = common_type([term.type for term in terms])

    def evaluate(row: Row) -> Any:
        values = (term.evaluate(row) for term in terms)
        return _as(type_, next((value for value in values if value is not None), None))

    return Term(type_, evaluate)


def _nullif(terms: Sequence[Term]) -> Term:
    type_ = terms[0].type if terms[0].type is not None else terms[1].type

    def evaluate(row: Row) -> Any:
        value = terms[0].evaluate(row)
        a, b = comparable([value, terms[1].evaluate(row)], [term.type for term in terms])
        a, b = finite(a), finite(b)
        if isinstance(b, Poison) and a is not None:
            return computed_with(b)
        return None if a is not None and b is not None and a == b else value

    return Term(type_, evaluate)


def _extreme(better: Callable[[Any, Any], bool]) -> Callable[[Sequence[Term]], Term]:
    """The largest or smallest argument that is not NULL."""

    def build(terms: Sequence[Term]) -> Term:
        type_ = common_type([term.type for term in terms])

        def evaluate(row: Row) -> Any:
            best: Any = None
            for term in terms:
                value = finite(_as(type_, term.evaluate(row)))
                if isinstance(value, Poison):
                    return computed_with(value)
                if value is not None and (best is None or better(value, best)):
                    best = value
            return best

        return Term(type_, evaluate)

    return build


FUNCTIONS: Mapping[str, Callable[[Sequence[Term]], Term]] = {
    "IF": _case,
    "CASE": _case,
    "COALESCE": _coalesce,
    "NULLIF": _nullif,
    "GREATEST": _extreme(operator.gt),
    "LEAST": _extreme(operator.lt),
}
