"""Aggregates of groups in memory, where Polars alone would round."""

from __future__ import annotations

import math

import polars as pl
import pytest

from flowforge.formula.tree import Reference, call
from flowforge.residual.aggregates import aggregate, leaders_of
from flowforge.types import FLOAT64


@pytest.mark.parametrize(
    ("numbers", "deviation"),
    [
        ([1_000_000.1] * 7, 0.0),
        ([0.1] * 3, 0.0),
        ([1.0, 2.0, 3.0], 1.0),
        ([5.0, None], None),
        ([math.nan, 1.0, 1.0], math.nan),
        ([math.inf, math.inf], math.nan),
    ],
    ids=str,
)
def test_the_deviation_of_equal_numbers_is_zero(numbers: list[float | None], deviation: float | None) -> None:
    """Without keys all rows are one slice, whose mean Polars rounds before it compares."""
    x = call("stddev", (Reference("x", FLOAT64, True),), FLOAT64, True, aggregate=True)
    leaders, groups = leaders_of([], len(numbers))
    (found,) = aggregate(x, [pl.Series(numbers, dtype=pl.Float64)], leaders, groups)
    assert found == deviation or (math.isnan(deviation or 0) and math.isnan(found))
