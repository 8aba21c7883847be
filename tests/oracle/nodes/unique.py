"""``unique``: the first row of each combination of values, by the incoming order; no columns means all.

Where no order says which is first and the rows differ, the answer is open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from oracle.context import Context
from oracle.order import identity
from oracle.problems import Unspecified
from oracle.relation import Relation


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    relation = inputs[0].settled()
    names = config.get("columns") or [column.name for column in relation.schema]
    indices = [relation.index(name) for name in names]
    ranks = relation.ranks or (0,) * len(relation.rows)
    first: dict[tuple[Any, ...], int] = {}
    for position, row in enumerate(relation.rows):
        before = first.setdefault(tuple(identity(row[index]) for index in indices), position)
        if ranks[before] == ranks[position] and any(
            identity(a) != identity(b) for a, b in zip(relation.rows[before], row, strict=True)
        ):
            raise Unspecified("which of the rows is the first")
    return relation.arranged(sorted(first.values()))
