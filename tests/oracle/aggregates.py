"""Aggregates over the rows of a group: exact, NULLs left out (except ``count`` of rows, first, last).

    sum      int64 stays int64; decimals widen to 38 (76) digits
    avg      sum ÷ count            median   the middle, or the mean of the two middle ones
    vwap     Σ(price × weight) ÷ Σ weight, over rows that have both
    stddev   sample deviation, NULL under two values

Quotients follow the rules of ``÷``: scale 12, half away from zero, NULL at zero; empty groups are NULL.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flowforge.types import FLOAT64, INT64, ColumnType, decimal
from oracle.formula.promotion import product_type, quotient, quotient_type, wide
from oracle.numbers import finite, fraction, number_as_float, typed
from oracle.order import identity, is_nan
from oracle.problems import Unspecified
from oracle.relation import Poison, Relation, computed_with, looked_at


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``evaluate`` takes a group's rows to one value of the type."""

    type: ColumnType
    evaluate: Callable[[Relation], Any]


def aggregate(
    function: str, relation: Relation, column: str | None, by: str | None, weight: str | None
) -> Aggregate:
    """An aggregate of a group_by node over this relation's columns."""
    if column is None:
        return Aggregate(INT64, lambda group: len(group.rows))
    index = relation.index(column)
    type_ = relation.schema[index].type
    if function in ("first", "last"):
        return Aggregate(type_, lambda group: _edge(group, index, by, last=function == "last"))
    if function == "vwap":
        assert weight is not None
        return _vwap(relation, index, relation.index(weight))
    if function == "count":  # of what is not NULL, which an engine may know without computing it
        return Aggregate(INT64, lambda group: sum(row[index] is not None for row in group.rows))
    returns, compute = _OF_VALUES[function]
    result = returns(type_)

    def evaluate(group: Relation) -> Any:
        values = [looked_at(row[index]) for row in group.rows]
        return compute([value for value in values if value is not None], result, type_)

    return Aggregate(result, evaluate)


def _exact(type_: ColumnType) -> ColumnType:
    return type_ if type_ == FLOAT64 else decimal(wide(type_), type_.scale)


def _mean_type(type_: ColumnType) -> ColumnType:
    return quotient_type(_exact(type_), INT64)


def _sum(values: list[Any], type_: ColumnType, _: ColumnType) -> Any:
    return typed(sum(map(fraction, values), Fraction()), type_) if values else None


def _avg(values: list[Any], type_: ColumnType, of: ColumnType) -> Any:
    return (
        _quotient(sum(map(fraction, values), Fraction()), len(values), _exact(of), type_, INT64)
        if values
        else None
    )


def _median(values: list[Any], type_: ColumnType, of: ColumnType) -> Any:
    if not values:
        return None
    ascending, middle = sorted(map(fraction, values)), len(values) // 2
    low = ascending[middle if len(values) % 2 else middle - 1]
    return _quotient(low + ascending[middle], 2, _exact(of), type_, INT64)


def _quotient(
    total: Fraction, by: Fraction | int, total_type: ColumnType, type_: ColumnType, by_type: ColumnType
) -> Any:
    """The dividend is a number of its own, which may leave its type though the quotient does not."""
    made = typed(total, total_type)
    if isinstance(made, Poison):
        return computed_with(made)
    exact = total / by if type_ == FLOAT64 else quotient(total, Fraction(by), total_type, by_type)
    return typed(exact, type_)


def _stddev(values: list[Any], type_: ColumnType, of: ColumnType) -> float | None:
    if len(values) < 2:
        return None
    numbers = [fraction(number_as_float(value)) for value in values]
    mean = sum(numbers, Fraction()) / len(numbers)
    return math.sqrt(sum(((each - mean) ** 2 for each in numbers), Fraction()) / (len(numbers) - 1))


def _numbers(values: list[Any]) -> list[Any]:
    """The values without NaN, unless there is nothing else."""
    return [value for value in values if not is_nan(value)] or values


Compute = Callable[[list[Any], ColumnType, ColumnType], Any]
"""From the values that are there, the result's type and the column's."""

_OF_VALUES: dict[str, tuple[Callable[[ColumnType], ColumnType], Compute]] = {
    "count_distinct": (lambda _: INT64, lambda values, *_: len({identity(value) for value in values})),
    "sum": (lambda type_: type_ if type_ == INT64 else _exact(type_), _sum),
    "avg": (_mean_type, _avg),
    "min": (lambda type_: type_, lambda values, *_: min(_numbers(values), default=None)),
    "max": (lambda type_: type_, lambda values, *_: max(_numbers(values), default=None)),
    "median": (_mean_type, _median),
    "stddev": (lambda _: FLOAT64, _stddev),
}


def _vwap(relation: Relation, price: int, weight: int) -> Aggregate:
    types = relation.schema[price].type, relation.schema[weight].type
    product = _exact(product_type(*types))
    result = quotient_type(product, _exact(types[1]))

    def evaluate(group: Relation) -> Any:
        pairs = [(looked_at(row[price]), looked_at(row[weight])) for row in group.rows]
        both = [(fraction(p), fraction(w)) for p, w in pairs if p is not None and w is not None]
        products = [typed(p * w, product) for p, w in both]
        poison = next((each for each in products if isinstance(each, Poison)), None)
        volume = sum((w for _, w in both), Fraction())
        if poison is not None:
            return computed_with(poison)
        weights = typed(volume, _exact(types[1]))
        if isinstance(weights, Poison):
            return computed_with(weights)
        return (
            _quotient(sum(map(Fraction, products), Fraction()), volume, product, result, _exact(types[1]))
            if volume
            else None
        )

    return Aggregate(result, evaluate)


def _edge(group: Relation, index: int, by: str | None, *, last: bool) -> Any:
    """The value in the first or last row by ``by``, then by the table's trade order.

    Rows without a ``by`` have no place in the order and are left out.
    """
    tape = group.tape or (0,) * len(group.rows)
    by_index = None if by is None else group.index(by)
    places = [
        (0 if by_index is None else finite(looked_at(row[by_index])), tape[at], row[index])
        for at, row in enumerate(group.rows)
    ]
    candidates = [place for place in places if place[0] is not None]
    if not candidates:
        return None
    best = (max if last else min)(candidates, key=lambda place: place[:2])
    tied = {identity(place[2]) for place in candidates if place[:2] == best[:2]}
    if len(tied) > 1:
        raise Unspecified("rows of one place in the order differ")
    return best[2]
