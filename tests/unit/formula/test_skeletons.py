"""A formula parsed by its skeleton says what it says when it is parsed by itself, errors and places included."""

from __future__ import annotations

import pytest

from flowforge.errors import FlowForgeError
from flowforge.formula import analyse, parser, skeletons
from flowforge.types import INT64, Column, decimal

SCHEMA = (Column("price", decimal(18, 6)), Column("a", INT64), Column("0", INT64), Column("unit (€)", INT64))

SAME = [
    ("[price] * 2", "[a] * 31.25"),
    ("[a] + [price] * 1.5 - 007", "[unit (€)] + [0] * 22 - 1.0"),
    ("ROUND([price], 2)", "ROUND([a], 11)"),
    ("[a]+1", "[missing]+1"),
    ("[a] + 1", "[a] + 99999999999999999999999999999999999999999"),
    ("CASE WHEN [a] > 1 THEN 2 END", "CASE WHEN [price] > 1.25 THEN 22 END"),
]
APART = ["[] + 1", "[a] + '1'", '[a] + "1"', "[a]] + 1", "[a\x00] + 1", "[{# a #}]", "1.", ".5", "1e5", "[a"]


def outcome(text: str) -> object:
    parser.parse.cache_clear()
    try:
        return analyse(text, SCHEMA)
    except FlowForgeError as error:
        return error.code, error.detail, error.position, error.column, error.hint


def alone(text: str) -> object:
    skeletons._templates.clear()
    return outcome(text)


@pytest.mark.parametrize(("first", "second"), SAME)
def test_the_second_of_a_skeleton_is_parsed_like_the_first(first: str, second: str) -> None:
    alone(first)
    found = skeletons.skeleton(second)
    assert found is not None
    assert skeletons.recall(second, found) is not None
    assert outcome(second) == alone(second)


@pytest.mark.parametrize("text", APART)
def test_what_could_be_cut_otherwise_is_parsed_by_itself(text: str) -> None:
    for first, _ in SAME:
        alone(first)
    before = outcome(text)
    assert before == alone(text)


def test_what_is_no_formula_is_not_remembered() -> None:
    alone("[a] + + 1")
    alone("[a] +")
    assert not skeletons._templates
