"""The order of rows: nulls last in either direction, NaN before them, text by code point, false before true."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cmp_to_key
from itertools import pairwise
from typing import Any

from oracle.relation import Relation, looked_at

Key = tuple[int, bool]
"""Position of a column, and whether it descends."""


def compare(left: Sequence[Any], right: Sequence[Any], keys: Sequence[Key]) -> int:
    """−1, 0 or 1: which of two rows comes first by the keys."""
    for index, descending in keys:
        a, b = looked_at(left[index]), looked_at(right[index])
        if a is None or b is None:
            if (a is None) != (b is None):
                return 1 if a is None else -1
        elif is_nan(a) or is_nan(b):
            if is_nan(a) != is_nan(b):
                return 1 if is_nan(a) else -1
        elif a != b:
            return -1 if (a < b) != descending else 1
    return 0


def ranked(count: int, compare_at: Callable[[int, int], int]) -> tuple[list[int], list[int]]:
    """Positions 0…count−1 sorted, and a rank for each: equal where the comparison says so."""
    positions = sorted(range(count), key=cmp_to_key(compare_at))
    ranks = [0] if positions else []
    for before, after in pairwise(positions):
        ranks.append(ranks[-1] + (compare_at(before, after) != 0))
    return positions, ranks


def ordered(relation: Relation, keys: Sequence[Key]) -> Relation:
    """The rows sorted by the keys; the order so far breaks ties."""
    rows, before = relation.rows, relation.ranks or (0,) * len(relation.rows)
    positions, ranks = ranked(
        len(rows), lambda a, b: compare(rows[a], rows[b], keys) or before[a] - before[b]
    )
    return relation.arranged(positions, ranks)


def identity(value: Any) -> Any:
    """A hashable stand-in by which cells are grouped: NULL equals NULL and NaN NaN, 1.50 equals 1.5, -0.0 0.0."""
    value = looked_at(value)
    return (value is None, isinstance(value, bool), "NaN" if is_nan(value) else value)


def is_nan(value: Any) -> bool:
    """Whether it is the float64 that equals nothing."""
    return isinstance(value, float) and math.isnan(value)
