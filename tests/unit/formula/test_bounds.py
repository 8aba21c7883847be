"""No decimal result has more digits before the point than its bound says, and the bound is not idle."""

from __future__ import annotations

from decimal import Decimal

import pytest

from flowforge.formula import analyse
from flowforge.formula.tree import whole_digits
from flowforge.types import Column, decimal
from oracle.formula import compile_formula

COLUMNS = (Column("price", decimal(18, 6)), Column("qty", decimal(18, 4)), Column("fine", decimal(20, 20)))
NINES, LEAST = Decimal(10**18 - 1), Decimal(1)
"""The ends of the columns, as scaled integers."""


def row(price: Decimal, qty: Decimal, fine: Decimal) -> tuple[Decimal, ...]:
    return (price.scaleb(-6), qty.scaleb(-4), fine.scaleb(-20))


EXPRESSIONS = {
    "[price] + [qty]": 15,
    "[price] * [qty]": 26,
    "[price] / [qty]": 16,
    "[price] / 100": 10,
    "[price] / 0.05": 14,
    "([price] - [qty]) / [price] * 100": 24,
    "ROUND([qty], 2)": 15,
    "IF([qty] > 1, [price], 0.5)": 12,
    "COALESCE(NULL, [price])": 12,
    "[qty] % [price]": 12,
    "GREATEST([price], [qty])": 14,
    "[fine] * [fine]": 1,
    "[fine] / 1": 1,
    "-ABS([price])": 12,
}


@pytest.mark.parametrize(("expression", "bound"), EXPRESSIONS.items())
def test_ends_of_the_columns_stay_within(expression: str, bound: int) -> None:
    made = analyse(expression, COLUMNS)
    assert whole_digits(made) == bound
    term = compile_formula(expression, COLUMNS).term
    wide = Decimal(10**20 - 1)
    for price in (NINES, LEAST):
        for qty in (NINES, -NINES, LEAST):
            value = term.evaluate(row(price, qty, wide))
            assert abs(int(value)) < 10**bound, value
