"""Decimal text: exact or refused."""

from decimal import Decimal

import polars as pl
import pytest

from flowforge_pipeline.importers.checks import first_breach
from flowforge_pipeline.importers.decimals import parse
from flowforge_pipeline.tables import Field

PRICE = Field("price", "decimal")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.5", "12.5"),
        ("+3", "3"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1e-5", "0.00001"),
        (" 7 ", "7"),
        ("0", "0"),
        ("0.1", "0.1"),
        ("1.10000000000000000000000", "1.1"),
        ("000000000000000000012.5", "12.5"),
        ("999999999999.999999", "999999999999.999999"),
    ],
)
def test_exact(text: str, value: str) -> None:
    numbers, rules = parse(pl.Series([text]), PRICE, "px")
    assert first_breach(rules) is None
    assert numbers[0] == Decimal(value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("abc", "is not a decimal number."),
        ("1,234.5", "is not a decimal number."),
        ("$5", "is not a decimal number."),
        ("NaN", "is not a decimal number."),
        ("inf", "is not a decimal number."),
        ("0x10", "is not a decimal number."),
        ("1.2.3", "is not a decimal number."),
        ("-1", "is negative."),
        ("-0.000001", "is negative."),
        ("1.1234567", "has more than 6 digits after the point, which price cannot hold exactly."),
        (
            "1.0000000000000000000001",
            "has more than 6 digits after the point, which price cannot hold exactly.",
        ),
        ("1e-7", "has more than 6 digits after the point, which price cannot hold exactly."),
        ("1234567890123", "has more than 12 digits before the point."),
    ],
)
def test_refused(text: str, reason: str) -> None:
    _, rules = parse(pl.Series(["1", text]), PRICE, "px")
    breach = first_breach(rules)
    assert breach is not None
    assert (breach.row, breach.rule.column, breach.rule.reason) == (1, "px", reason)


def test_an_empty_cell_stays_empty() -> None:
    numbers, rules = parse(pl.Series([None, "1"], dtype=pl.String), PRICE, "px")
    assert first_breach(rules) is None
    assert numbers.to_list() == [None, Decimal(1)]
