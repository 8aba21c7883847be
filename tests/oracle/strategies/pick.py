"""Drawing by hand: a choice among listed options costs Hypothesis one small integer.

Nested ``one_of`` strategies would be built anew for every schema, which is most of the time a graph takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


@cache
def below(count: int) -> st.SearchStrategy[int]:
    """0 … count − 1; shrinks to 0."""
    return st.integers(0, count - 1)


def pick(draw: st.DrawFn, options: Sequence[T]) -> T:
    """One of the options; shrinks to the first."""
    return options[draw(below(len(options)))]


def chance(draw: st.DrawFn, percent: int) -> bool:
    """True about so often; shrinks to False."""
    return draw(below(100)) >= 100 - percent


def some(draw: st.DrawFn, options: Sequence[T], least: int, most: int) -> list[T]:
    """Between ``least`` and ``most`` different options, in any order."""
    left = list(options)
    count = min(len(left), least + draw(below(most - least + 1)))
    return [left.pop(draw(below(len(left)))) for _ in range(count)]
