"""Formulas, by hand."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from flowforge.types import Column, ColumnType
from oracle.formula import compile_formula
from oracle.relation import Poison

D = Decimal
AS_OF = datetime(2024, 3, 10, 12, 30, 45, 678901, tzinfo=UTC)
SCHEMA = {
    "i": ("int64", 7), "big": ("int64", 9007199254740993), "none": ("int64", None), "p": ("decimal(18,6)", D("100.123456")),
    "q": ("decimal(18,4)", D("-2.5000")), "wide": ("decimal(38,10)", D("1234567890.0123456789")), "f": ("float64", 0.5),
    "s": ("string", "Ünï'q\"\\"), "t": ("datetime", datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC)),
    "d": ("date", date(2024, 2, 29)), "yes": ("boolean", True), "unknown": ("boolean", None), "x y]z": ("int64", 1),
}  # fmt: skip
ROW = tuple(value for _, value in SCHEMA.values())
COLUMNS = tuple(Column(name, ColumnType.parse(type_), True) for name, (type_, _) in SCHEMA.items())


@pytest.mark.parametrize(
    ("expression", "type_", "value"),
    [
        # precedence and grouping
        ("1 + 2 * 3", "int64", 7),
        ("-2 ^ 2", "float64", 4.0),
        ("2 ^ 3 ^ 2", "float64", 64.0),
        ("10 - 4 - 3", "int64", 3),
        ("100 / 10 / 4", "decimal(38,12)", D("2.5")),
        ("NOT 1 = 2 AND TRUE", "boolean", True),
        ("TRUE OR FALSE AND FALSE", "boolean", True),
        ("1 NOT IN (2, 3) AND 2 BETWEEN 1 AND 3", "boolean", True),
        ("- - [i]", "int64", 7),
        ("[x y]]z]", "int64", 1),
        # exact numbers
        ("[big] + 1", "int64", 9007199254740994),
        ("[big] * 1.0", "decimal(38,1)", D("9007199254740993.0")),
        ("[p] * [q]", "decimal(38,10)", D("-250.3086400000")),
        ("[p] * [q] * [p]", "decimal(38,12)", D("-25061.766103459840")),
        ("[i] / 2", "decimal(38,12)", D("3.5")),
        ("1 / 3", "decimal(38,12)", D("0.333333333333")),
        ("2 / 3", "decimal(38,12)", D("0.666666666667")),
        ("-2 / 3", "decimal(38,12)", D("-0.666666666667")),
        ("[p] / 0", "decimal(38,12)", None),
        ("[f] / 0", "float64", None),
        ("-7 % 3", "int64", -1),
        ("-7.5 % 2", "decimal(38,1)", D("-1.5")),
        ("[i] % 0", "int64", None),
        ("[i] + 0.10", "decimal(38,2)", D("7.10")),
        ("[f] + 1", "float64", 1.5),
        ("[none] + 1", "int64", None),
        ("0.1 + 0.2 = 0.3", "boolean", True),
        ("1.50", "decimal(3,2)", D("1.50")),
        ("0.05", "decimal(3,2)", D("0.05")),
        ("1e3", "float64", 1000.0),
        ("9223372036854775808", "decimal(19,0)", D(9223372036854775808)),
        # rounding
        ("ROUND(2.5)", "decimal(38,0)", D(3)),
        ("ROUND(-2.5)", "decimal(38,0)", D(-3)),
        ("ROUND([p], 2)", "decimal(38,2)", D("100.12")),
        ("ROUND([f])", "float64", 1.0),
        ("ROUND(-[f])", "float64", -1.0),
        ("FLOOR(-1.1)", "decimal(38,0)", D(-2)),
        ("CEIL(-1.1)", "decimal(38,0)", D(-1)),
        ("ABS([q])", "decimal(18,4)", D("2.5")),
        ("SIGN([q])", "int64", -1),
        # domains
        ("SQRT(-1)", "float64", None),
        ("LN(0)", "float64", None),
        ("POWER(0, -1)", "float64", None),
        ("POWER(-8, 0.5)", "float64", None),
        ("EXP(1000)", "float64", None),
        ("LOG10(1000)", "float64", 3.0),
        # choice and NULL
        ("IF([none] > 1, 1, 2)", "int64", 2),
        ("IF([yes], 1, 0.5)", "decimal(38,1)", D("1.0")),
        ("CASE WHEN [none] IS NULL THEN 'a' ELSE 'b' END", "string", "a"),
        ("CASE [i] WHEN 1 THEN 'a' WHEN 7 THEN 'b' END", "string", "b"),
        ("COALESCE([none], 1.5)", "decimal(38,1)", D("1.5")),
        ("NULLIF([i], 7)", "int64", None),
        ("GREATEST([none], 3, [i])", "int64", 7),
        ("LEAST([none], [none])", "int64", None),
        ("[none] = [none]", "boolean", None),
        ("[unknown] AND FALSE", "boolean", False),
        ("[unknown] OR TRUE", "boolean", True),
        ("[unknown] AND TRUE", "boolean", None),
        ("7 IN ([none], 8)", "boolean", None),
        ("7 IN ([none], 7)", "boolean", True),
        ("7 NOT BETWEEN 8 AND [none]", "boolean", True),
        ("[i] IS NOT NULL", "boolean", True),
        # text
        ("LENGTH([s])", "int64", 7),
        ("LEFT([s], 2)", "string", "Ün"),
        ("RIGHT([s], 2)", "string", '"\\'),
        ("LEFT([s], -1)", "string", ""),
        ("CONCAT('it''s', \"a \"\"b\"\"\")", "string", "it'sa \"b\""),
        ("CONCAT('a', NULL)", "string", None),
        ("CONTAINS([s], '')", "boolean", True),
        ("REPLACE('aXbX', 'X', '--')", "string", "a--b--"),
        ("REPLACE('abc', '', 'x')", "string", "abc"),
        ("TRIM('  a ')", "string", "a"),
        # time
        ("DATE_TRUNC('hour', [t])", "datetime", datetime(2024, 2, 29, 23, tzinfo=UTC)),
        ("DATE_TRUNC('week', [d])", "date", date(2024, 2, 26)),
        ("DATE_TRUNC('quarter', [t])", "datetime", datetime(2024, 1, 1, tzinfo=UTC)),
        ("DATE_ADD('year', 1, [d])", "date", date(2025, 2, 28)),
        ("DATE_ADD('month', -1, [t])", "datetime", datetime(2024, 1, 29, 23, 59, 59, 999999, tzinfo=UTC)),
        ("DATE_ADD('hour', 25, [d])", "datetime", datetime(2024, 3, 1, 1, tzinfo=UTC)),
        ("DATE_DIFF('day', [t], '2024-03-01')", "int64", 1),
        ("DATE_DIFF('month', [d], '2023-12-31')", "int64", -2),
        ("DATE_DIFF('week', '2024-02-25', [d])", "int64", 1),
        ("WEEKDAY([d])", "int64", 4),
        ("[d] < '2024-03-01T00:00:00Z'", "boolean", True),
        ("[t] >= '2024-02-29'", "boolean", True),
        ("NOW()", "datetime", AS_OF),
        # conversions
        ("TO_NUMBER(' 12.3456789012345 ')", "decimal(38,12)", D("12.345678901235")),
        ("TO_NUMBER('1e3')", "decimal(38,12)", None),
        ("TO_NUMBER(TRUE)", "int64", 1),
        ("TO_TEXT([p] * 2)", "string", "200.246912"),
        ("TO_TEXT(1.50)", "string", "1.5"),
        ("TO_TEXT([t])", "string", "2024-02-29 23:59:59"),
        ("TO_TEXT([yes])", "string", "true"),
        ("TO_DATE('2023-02-29')", "date", None),
        ("TO_DATE([t])", "date", date(2024, 2, 29)),
    ],
)  # fmt: skip
def test_formula(expression: str, type_: str, value: Any) -> None:
    formula = compile_formula(expression, COLUMNS, AS_OF)
    found = formula.term.evaluate(ROW)
    assert (str(formula.term.type), type(found)) == (type_, type(value))
    assert found == value or math.isclose(found, value, rel_tol=1e-12)


@pytest.mark.parametrize(
    "expression",
    ["9223372036854775807 + 1", "-[big] * [big]", "[wide] * [wide] * [wide] * [wide] * [wide]", "ABS(-9223372036854775807 - 1)"],
)  # fmt: skip
def test_numbers_that_leave_their_type(expression: str) -> None:
    assert isinstance(compile_formula(expression, COLUMNS).term.evaluate(ROW), Poison)


def test_an_overflow_in_a_branch_not_taken_is_noticed() -> None:
    formula = compile_formula("IF([i] = 7, 1, [big] * [big])", COLUMNS)
    assert formula.term.evaluate(ROW) == 1
    assert formula.overflows(ROW)
