"""Whether an engine's rows are an answer: the same multiset, in the order as far as one is defined.

Floats agree within 1e-9 relative, everything else exactly.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from oracle.relation import Choice, Poison, Relation, Row

RELATIVE, ABSOLUTE = 1e-9, 1e-12

Segment = tuple[tuple[Row, ...], int]
"""Candidates, and how many of them come next in any order."""


def difference(expected: Relation, actual: Sequence[Row]) -> str | None:
    """What is wrong with an engine's rows, or None."""
    position = 0
    for candidates, count in segments(expected):
        found = actual[position : position + count]
        if len(found) < count:
            return f"{len(actual)} rows; expected more: {count - len(found)} of {list(candidates)}"
        if (odd := _odd_one_out(candidates, found)) is not None:
            where = f"rows {position}…{position + count - 1}" if expected.ranks is not None else "the rows"
            return f"{odd} is not among what {where} can be: {list(candidates)}"
        position += count
    return None if position == len(actual) else f"rows too many: {actual[position:]}"


def must_fail(expected: Relation) -> bool:
    """Whether a cell of the result has left its type, so that only an error is right."""
    return any(isinstance(cell, Poison) for row in expected.rows for cell in row)


def segments(expected: Relation) -> Iterator[Segment]:
    """The result as groups of rows whose inner order is free."""
    ranks = expected.ranks or (0,) * len(expected.rows)
    choices: dict[int, Choice] = {choice.at: choice for choice in expected.choices}
    if 0 in choices:
        yield choices[0].candidates, choices[0].count
    for _, members in groupby(range(len(ranks)), key=lambda position: ranks[position]):
        positions = list(members)
        yield tuple(expected.rows[position] for position in positions), len(positions)
        if choice := choices.get(positions[-1] + 1):
            yield choice.candidates, choice.count


def _odd_one_out(candidates: Sequence[Row], found: Sequence[Row]) -> Row | None:
    left: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in candidates:
        left[_exact_part(row)].append(row)
    for row in found:
        alike = left[_exact_part(row)]
        match = next((at for at, other in enumerate(alike) if _close(row, other)), None)
        if match is None:
            return row
        del alike[match]
    return None


def _exact_part(row: Row) -> tuple[Any, ...]:
    return tuple(None if isinstance(cell, float) else (type(cell).__name__, cell) for cell in row)


def _close(left: Row, right: Row) -> bool:
    return all(
        math.isclose(a, b, rel_tol=RELATIVE, abs_tol=ABSOLUTE) or (math.isnan(a) and math.isnan(b))
        for a, b in zip(left, right, strict=True)
        if isinstance(a, float) and isinstance(b, float)
    ) and all(isinstance(a, float) == isinstance(b, float) for a, b in zip(left, right, strict=True))
