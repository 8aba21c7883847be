"""Arithmetic of scaled integers: right in Polars' 128 bits and beyond them, an error where a type ends."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.formula import rules
from flowforge.formula.tree import Reference, call
from flowforge.residual import exact
from flowforge.residual.functions import COMPUTE
from flowforge.types import INT64, ColumnType, decimal

LARGE = 10**38 - 1
scaled = st.integers(-LARGE, LARGE) | st.integers(-1000, 1000) | st.sampled_from([LARGE, -LARGE, 2**63, 0, 1])
scales = st.integers(0, 12)

RULES = {"+": rules.add, "-": rules.add, "*": rules.multiply, "/": rules.divide}
EXACTLY = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b if b else None,
}


def half_away(value: Fraction) -> int:
    whole = (2 * abs(value) + 1) // 2
    return int(-whole if value < 0 else whole)


def computed(name: str, a: list[int], b: list[int], left: ColumnType, right: ColumnType) -> pl.Series:
    type_ = RULES[name](left, right)
    tree = call(name, (Reference("a", left, True), Reference("b", right, True)), type_, True)
    return COMPUTE[name](tree, [pl.Series(a, dtype=pl.Int128), pl.Series(b, dtype=pl.Int128)])


@pytest.mark.parametrize("name", list(RULES))
@given(pairs=st.lists(st.tuples(scaled, scaled), min_size=1, max_size=4), left=scales, right=scales)
def test_every_digit_is_right_or_it_is_an_error(
    name: str, pairs: list[tuple[int, int]], left: int, right: int
) -> None:
    types = decimal(38, left), decimal(38, right)
    target = RULES[name](*types)
    expected = []
    for a, b in pairs:
        value = EXACTLY[name](Fraction(a, 10**left), Fraction(b, 10**right))
        expected.append(None if value is None else half_away(value * 10**target.scale))
    a, b = [list(each) for each in zip(*pairs, strict=True)]
    if any(value is not None and abs(value) > LARGE for value in expected):
        with pytest.raises(FlowForgeError) as caught:
            computed(name, a, b, *types)
        assert caught.value.code is ErrorCode.NUMERIC_OVERFLOW
    else:
        assert computed(name, a, b, *types).to_list() == expected


def test_more_digits_than_there_are_here_are_refused_by_name() -> None:
    with pytest.raises(FlowForgeError) as caught:
        computed("*", [10**30], [10**30], decimal(76, 0), decimal(38, 0))
    assert caught.value.code is ErrorCode.UNSUPPORTED_IN_STORE
    assert "38 digits" in caught.value.detail


def test_int64_ends_where_it_ends() -> None:
    ends = pl.Series([2**63 - 1, -(2**63)], dtype=pl.Int128)
    assert exact.checked(ends, INT64).to_list() == [2**63 - 1, -(2**63)]
    with pytest.raises(FlowForgeError):
        exact.checked(ends + exact.constant(1, ends), INT64)


def test_the_vwap_of_the_documents_to_ten_digits() -> None:
    """Σ(price × quantity) ÷ Σ(quantity), which a quotient at scale 4 makes 100.1234."""
    price, quantity = decimal(18, 6), decimal(18, 4)
    notional = computed("*", [100_123_460, 100_123_460, 100_123_459], [10_000] * 3, price, quantity)
    total = pl.Series([notional.sum()], dtype=pl.Int128)
    quotient = computed("/", total.to_list(), [30_000], decimal(38, 10), decimal(38, 4))
    assert quotient.to_list() == [100_123_459_666_667]
