"""Comparison and logic: three-valued, as SQL has it. NaN equals nothing and is neither less nor greater."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING

from flowforge.formula.tree import Call
from flowforge.residual.convert import comparable
from flowforge.residual.functions.arithmetic import Compute

if TYPE_CHECKING:
    import polars as pl

Test = Callable[["pl.Series", "pl.Series"], "pl.Series"]


def _comparable(call: Call, values: Sequence[pl.Series]) -> list[pl.Series]:
    return comparable(values, [each.type for each in call.arguments])


def tested(test: Test, a: pl.Series, b: pl.Series) -> pl.Series:
    """NULL beside NULL; Polars holds NaN for equal to itself and greater than all, which no store does."""
    import polars as pl

    result = test(a, b)
    if a.dtype == pl.Float64 and (a.is_nan().any() or b.is_nan().any()):
        unordered = a.is_nan() | b.is_nan()
        other = test is operator.ne
        frame = pl.DataFrame({"r": result, "u": unordered})
        return frame.select(pl.when("u").then(pl.lit(other)).otherwise("r")).to_series()
    return result


def _compare(test: Test) -> Compute:
    return lambda call, values: tested(test, *_comparable(call, values))


def _is_null(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    return values[0].is_null()


def _in(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    subject, *listed = _comparable(call, values)
    return reduce(operator.or_, [tested(operator.eq, subject, each) for each in listed])


def _between(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    subject, low, high = _comparable(call, values)
    return tested(operator.ge, subject, low) & tested(operator.le, subject, high)


COMPARISON: Mapping[str, Compute] = {
    "=": _compare(operator.eq),
    "<>": _compare(operator.ne),
    "<": _compare(operator.lt),
    "<=": _compare(operator.le),
    ">": _compare(operator.gt),
    ">=": _compare(operator.ge),
    "IN": _in,
    "BETWEEN": _between,
    "IS NULL": _is_null,
    "AND": lambda _, values: reduce(operator.and_, values),
    "OR": lambda _, values: reduce(operator.or_, values),
    "NOT": lambda _, values: ~values[0],
}
