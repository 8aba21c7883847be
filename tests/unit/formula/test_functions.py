"""The function table: every entry is complete, documented and consistent."""

from __future__ import annotations

import pytest

from flowforge.formula.functions import FUNCTIONS, OPERATIONS, SQL
from flowforge.formula.signature import Function

_NAMES = """
IF COALESCE NULLIF GREATEST LEAST ROUND ABS CEIL FLOOR POWER SQRT LN EXP LOG10 SIGN YEAR MONTH DAY
HOUR MINUTE WEEKDAY DATE_TRUNC DATE_ADD DATE_DIFF NOW CONCAT LEFT RIGHT UPPER LOWER TRIM LENGTH
CONTAINS STARTS_WITH REPLACE TO_NUMBER TO_TEXT TO_DATE
"""


def test_the_language_has_exactly_the_documented_functions() -> None:
    assert sorted(FUNCTIONS) == sorted(_NAMES.split())


@pytest.mark.parametrize("function", OPERATIONS.values(), ids=lambda function: function.name)
def test_entry(function: Function) -> None:
    assert function.doc.endswith((".", ")"))
    assert callable(SQL[function.name].clickhouse)
    assert callable(SQL[function.name].postgres)
    optional = [parameter.optional for parameter in function.parameters]
    assert optional == sorted(optional), "required parameters come first"
    assert function.alike is None or function.alike < len(function.parameters)
