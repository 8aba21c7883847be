"""The first token that does not fit: found by halving, wherever SQLGlot gave up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowforge.errors import ErrorCode, GraphError
from flowforge.formula.misfit import first_misfit
from flowforge.formula.parser import parse

_TOKENS = st.sampled_from(
    ["[a]", "1", "'x'", "TRUE", "NULL", "+", "-", "*", "=", "<", "(", ")", ",", "NOT", "AND", "OR", "IS", "IN",
     "BETWEEN", "CASE", "WHEN", "THEN", "ELSE", "END", "ROUND"]
)  # fmt: skip


def place(text: str) -> int | None:
    """Where the text stops being a formula; None if it is one."""
    try:
        parse(text)
    except GraphError as error:
        return error.position if error.code is ErrorCode.FORMULA_SYNTAX else -1
    return None


@given(st.lists(_TOKENS, min_size=1, max_size=14))
def test_what_stands_before_the_misfit_stops_only_at_its_end(pieces: list[str]) -> None:
    """No beginning of a formula is refused before its end, and nothing after a misfit moves it."""
    text = " ".join(pieces)
    found = place(text)
    if found is None or found == len(text):
        return
    before = text[:found].rstrip()
    if before:
        assert place(before) in (None, len(before), _last_word(before))
    assert place(f"{text} + 1") == found


def _last_word(text: str) -> int | None:
    """A function's name is a word of no meaning until its parenthesis comes."""
    return len(text) - len("ROUND") if text.endswith("ROUND") else None


@pytest.mark.parametrize("guess", [0, 1, 3, 7, 99])
def test_the_guess_does_not_matter(guess: int) -> None:
    tokens = parse("1 + 2 * 3 - 4")[0].tokens
    assert first_misfit(tokens, lambda at: at % 2 == 0, lambda each: len(each) <= 5, guess) == 5
    assert first_misfit(tokens, lambda at: at % 2 == 0, lambda _: True, guess) is None
