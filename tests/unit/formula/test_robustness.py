"""Any text either is a formula or raises the one error type; nothing else ever escapes."""

from __future__ import annotations

import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowforge.errors import ErrorCode, GraphError
from flowforge.formula import FUNCTIONS, analyse
from flowforge.formula.parser import parse
from flowforge.formula.tree import references
from flowforge.types import BOOLEAN, DATE, DATETIME, FLOAT64, INT64, STRING, Column, decimal

SCHEMA = (
    Column("price", decimal(18, 6)),
    Column("n", INT64),
    Column("f", FLOAT64),
    Column("s", STRING, True),
    Column("d", DATE),
    Column("t", DATETIME),
    Column("b", BOOLEAN),
)
PIECES = [
    "[price]", "[n]", "[f]", "[s]", "[d]", "[t]", "[b]", "[nope]", "1", "0.5", "1e3", "'x'", '"y"', "(", ")", ",",
    "+", "-", "*", "/", "%", "^", "=", "<>", "<", ">=", "AND", "OR", "NOT", "IS", "NULL", "TRUE", "IN", "BETWEEN",
    "CASE", "WHEN", "THEN", "ELSE", "END", "--", "/*", ";", "[", "]", "'", '"', "\\", "::", "SELECT", "$$",
    *[f"{name}(" for name in FUNCTIONS],
]  # fmt: skip


def outcome(text: str) -> str | None:
    """None for a formula, the error's code otherwise; anything but ``GraphError`` fails the test."""
    try:
        expression, error = analyse(text, SCHEMA), None
    except GraphError as caught:
        expression, error = None, caught
    if error is None:
        assert expression is not None
        assert references(expression) <= {column.name for column in SCHEMA}
        return None
    assert error.field == "expression"
    assert error.position is None or 0 <= error.position <= len(text)
    assert error.detail
    return error.code


@given(st.text())
@settings(max_examples=400, deadline=None)
def test_any_text(text: str) -> None:
    outcome(text)


@given(st.lists(st.sampled_from(PIECES), max_size=30), st.sampled_from(["", " "]))
@settings(max_examples=600, deadline=None)
def test_any_sequence_of_pieces(pieces: list[str], between: str) -> None:
    outcome(between.join(pieces))


@pytest.mark.parametrize(
    "opening", ["(", "ABS(", "IF(TRUE,", "CASE WHEN TRUE THEN ", "NOT ", "-", "[n] + ", "[n] IN ("]
)
@pytest.mark.parametrize("times", [200, 3_000, 100_000])
def test_deep_nesting_is_refused_before_it_exhausts_the_stack(opening: str, times: int) -> None:
    assert outcome(opening * times + "1") in {
        ErrorCode.FORMULA_TOO_DEEP,
        ErrorCode.FORMULA_TOO_LONG,
        ErrorCode.FORMULA_SYNTAX,
    }


def test_the_interpreters_own_limit_is_restored() -> None:
    parse.cache_clear()
    before = sys.getrecursionlimit()
    outcome("(" * 200 + "1" + ")" * 200)
    assert sys.getrecursionlimit() == before


def test_parsing_in_many_threads_at_once() -> None:
    parse.cache_clear()
    results: list[str | None] = []
    texts = [f"{'(' * 190}{index}{')' * 190}" for index in range(16)]
    threads = [threading.Thread(target=lambda text=text: results.append(outcome(text))) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [None] * 16


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("[price] * [prce]", ["There is no column 'prce'.", "  [price] * [prce]", "            ^"]),
        ("RUOND([price])", ["There is no function RUOND.", "  RUOND([price])", "  ^"]),
    ],
)
def test_errors_point_with_a_caret_and_name_the_nearest(text: str, lines: list[str]) -> None:
    with pytest.raises(GraphError) as caught:
        analyse(text, SCHEMA)
    assert caught.value.detail.split("\n") == lines
    assert caught.value.hint
    assert caught.value.hint.startswith("Did you mean")


def test_a_long_formula_is_quoted_around_the_place() -> None:
    with pytest.raises(GraphError) as caught:
        analyse("[n] + " * 50 + "[nope]" + " + [n]" * 50, SCHEMA)
    _, excerpt, caret = caught.value.detail.split("\n")
    assert excerpt[caret.index("^") :].startswith("[nope]")
    assert len(excerpt) < 70


def test_a_type_clash_names_both_types_and_the_fix() -> None:
    with pytest.raises(GraphError) as caught:
        analyse("[s] = [price]", SCHEMA)
    assert "string" in caught.value.detail
    assert "decimal(18,6)" in caught.value.detail
    assert caught.value.hint
    assert "TO_NUMBER" in caught.value.hint
