"""``limit``: rows ``offset`` … ``offset + rows`` of the incoming order.

Where no order is defined, or ties are cut, which rows come is left open: the result is a ``Choice``,
unless all the candidates are the same anyway.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from oracle.context import Context
from oracle.order import identity
from oracle.relation import Choice, Relation, Row


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    return window(inputs[0], config["rows"], config.get("offset", 0))


def window(relation: Relation, rows: int, offset: int) -> Relation:
    """The first ``rows`` after ``offset``."""
    relation = relation.settled()
    ranks = relation.ranks or (0,) * len(relation.rows)
    begin, end = offset, offset + rows
    whole: list[int] = []
    choices: list[Choice] = []
    for _, members in groupby(range(len(ranks)), key=lambda position: ranks[position]):
        tied = list(members)
        kept = [position for position in tied if begin <= position < end]
        candidates = [relation.rows[position] for position in tied]
        if len(kept) == len(tied) or _alike(candidates, relation, tied):
            whole += kept
        elif kept:
            choices.append(Choice(len(whole), len(kept), tuple(candidates)))
    return replace(relation.arranged(whole), choices=tuple(choices))


def _alike(candidates: Sequence[Row], relation: Relation, tied: Sequence[int]) -> bool:
    places = {0} if relation.tape is None else {relation.tape[position] for position in tied}
    return len(places) == 1 and len({tuple(map(identity, row)) for row in candidates}) == 1
