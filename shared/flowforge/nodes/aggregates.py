"""Aggregates as expressions; those with a quotient are written as what they are.

    avg     sum(x) / count(x)
    median  (lower middle + upper middle) / 2            exact, inclusive
    vwap    sum(price × weight) / sum(weight)            over rows that have both

so that their scale (12), rounding and division by zero are those of formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flowforge.formula import rules
from flowforge.formula.floats import one_zero
from flowforge.formula.signature import ANY, NUMBER
from flowforge.formula.tree import Constant, Expression, call
from flowforge.records import dataclass
from flowforge.relation import Relation
from flowforge.types import BOOLEAN, FLOAT64, INT64, ColumnType, decimal

Builder = Callable[[Relation], Expression]


@dataclass(frozen=True, slots=True)
class Takes:
    """Which operands an aggregate takes, and of which kinds."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    accepts: frozenset[str] = ANY
    wants: str = "a column"


_NUMBER = Takes(("column",), (), NUMBER, "a number")
_ORDERED = Takes(("column",), (), ANY - {"boolean"}, "a number, a text or a time")

TAKES: dict[str, Takes] = {
    "sum": _NUMBER,
    "avg": _NUMBER,
    "median": _NUMBER,
    "stddev": _NUMBER,
    "min": _ORDERED,
    "max": _ORDERED,
    "count": Takes((), ("column",)),
    "count_distinct": Takes(("column",)),
    "first": Takes(("column",), ("by",)),
    "last": Takes(("column",), ("by",)),
    "vwap": Takes(("column", "weight"), (), NUMBER, "a number"),
}


def build(
    function: str, operands: Sequence[Expression], trade_order: Sequence[Expression], *, grouped: bool
) -> Expression:
    """The aggregate over its operands (column, then weight or by).

    ``grouped``: there are keys, so no group is empty. ``trade_order`` breaks ties of ``first`` and
    ``last`` and orders them where no ``by`` is given.
    """
    if function == "count":
        return _aggregate("count", operands, INT64, False)
    (x, *others) = operands
    empty = not grouped or x.nullable
    if function == "count_distinct":
        return _aggregate("count_distinct", (one_zero(x),), INT64, False)
    if function == "stddev":
        return _aggregate("stddev", operands, FLOAT64, True)
    if function in ("min", "max"):
        return _aggregate(function, operands, x.type, empty)
    if function in ("first", "last"):
        by = others or list(trade_order)
        ties = [each for each in trade_order if not any(each is given for given in by)]
        empty = empty or any(each.nullable for each in by)
        return _aggregate(function, (x, *by, *ties), x.type, empty)
    if function == "sum":
        return _sum(x, empty)
    if function == "avg":
        return _quotient(_total(x, empty), _aggregate("count", (x,), INT64, False))
    if function == "median":
        middles = [_aggregate(each, (x,), x.type, empty) for each in ("median_low", "median_high")]
        total = x.type if x.type.kind == "float64" else decimal(rules.precision(x.type), x.type.scale)
        return _quotient(call("+", tuple(middles), total, empty), Constant(2, INT64))
    return _vwap(x, others[0], grouped=grouped)


def _vwap(price: Expression, weight: Expression, *, grouped: bool) -> Expression:
    nullable = price.nullable or weight.nullable
    product = call("*", (price, weight), _exact(rules.multiply(price.type, weight.type)), nullable)
    if price.nullable:
        missing = call("IS NULL", (price,), BOOLEAN, False)
        weight = call("IF", (missing, Constant(None, weight.type), weight), weight.type, True)
    empty = not grouped or nullable
    return _quotient(_total(product, empty), _total(weight, empty))


def _sum(x: Expression, nullable: bool) -> Expression:
    if x.type.kind == "decimal":
        return _total(x, nullable)
    return _aggregate("sum", (x,), x.type, nullable)


def _total(x: Expression, nullable: bool) -> Expression:
    """A sum that an int64 cannot overflow, because only its quotient is asked for."""
    return _aggregate("sum", (x,), _exact(x.type), nullable)


def _exact(type_: ColumnType) -> ColumnType:
    if type_.kind == "float64":
        return type_
    return decimal(rules.precision(type_), type_.scale)


def _quotient(dividend: Expression, divisor: Expression) -> Expression:
    return call("/", (dividend, divisor), rules.divide(dividend.type, divisor.type), True)


def _aggregate(name: str, operands: Sequence[Expression], type_: ColumnType, nullable: bool) -> Expression:
    return call(name, tuple(operands), type_, nullable, aggregate=True)
