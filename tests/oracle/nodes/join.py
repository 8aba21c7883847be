"""``join``: inner, left, right and full, on equal keys; NULL and NaN equal nothing; in no order.

Left columns, then right columns; a right column whose name is taken gets ``_right``, or if that is taken
``_right_2``. A row without a partner has NULL on the other side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flowforge.types import Column, Schema
from oracle.context import Context
from oracle.formula.promotion import comparable
from oracle.relation import Relation, Row, looked_at


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    left, right = (relation.settled() for relation in inputs)
    left_keys, right_keys = key_names(config, "left"), key_names(config, "right")
    outer_left = config.get("join_type", "inner") in ("left", "full")
    outer_right = config.get("join_type", "inner") in ("right", "full")
    keys = [(left.index(a), right.index(b)) for a, b in zip(left_keys, right_keys, strict=True)]
    rows: list[Row] = []
    met: set[int] = set()
    for row in left.rows:
        partners = [at for at, other in enumerate(right.rows) if meets(row, other, keys, left, right)]
        met.update(partners)
        rows += [(*row, *right.rows[at]) for at in partners]
        if not partners and outer_left:
            rows.append((*row, *[None] * len(right.schema)))
    if outer_right:
        nothing = [None] * len(left.schema)
        rows += [(*nothing, *row) for at, row in enumerate(right.rows) if at not in met]
    return Relation(
        joined(left.schema, right.schema), tuple(rows), overflowed=left.overflowed or right.overflowed
    )


def key_names(config: Mapping[str, Any], side: str) -> list[str]:
    """One key or several."""
    several = config.get(f"{side}_keys")
    return list(several) if several is not None else [config[f"{side}_key"]]


def meets(row: Row, other: Row, keys: Sequence[tuple[int, int]], left: Relation, right: Relation) -> bool:
    """Whether all keys are there and equal."""
    for a, b in keys:
        types = [left.schema[a].type, right.schema[b].type]
        one, two = comparable([looked_at(row[a]), looked_at(other[b])], types)
        if one is None or two is None or one != two:
            return False
    return True


def right_names(left: Sequence[str], right: Sequence[str]) -> list[str]:
    """What the right columns are called beside the left ones: the first free of ``a_right``, ``a_right_2`` …"""
    given = [name for name in right if name not in left]
    names: list[str] = []
    for name in right:
        numbers = ["", *(f"_{number}" for number in range(2, len(left) + len(right) + 3))]
        free = (f"{name}_right{number}" for number in numbers)
        others = {*left, *right, *names}
        names.append(name if name in given else next(each for each in free if each not in others))
    return names


def joined(left: Schema, right: Schema) -> Schema:
    """The columns of both sides; either side may be missing."""
    renamed = right_names([column.name for column in left], [column.name for column in right])
    return (
        *[Column(column.name, column.type, nullable=True) for column in left],
        *[Column(name, column.type, nullable=True) for name, column in zip(renamed, right, strict=True)],
    )
